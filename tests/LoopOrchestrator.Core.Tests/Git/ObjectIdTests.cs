using System.Text;
using LoopOrchestrator.Core.Git;
using LoopOrchestrator.Core.Tests.Checkpoints;

namespace LoopOrchestrator.Core.Tests.Git;

/// <summary>Objects that are named without git have the names that git gives them.</summary>
public sealed class ObjectIdTests
{
    private const string EmptySha1 = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";
    private const string EmptySha256 = "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813";

    [Theory]
    [InlineData(EmptySha1)]
    [InlineData(EmptySha256)]
    public void Of_EmptyFile_IsAsGitNamesIt(string id)
    {
        ObjectId.Of("blob", [], id).Should().Be(id);
        ObjectId.IsOf(id, new MemoryStream()).Should().BeTrue();
        ObjectId.IsOf(id, new MemoryStream([1])).Should().BeFalse();
    }

    [Theory]
    [InlineData(20)]
    [InlineData(200_000)]
    public void Of_AFile_IsAsGitNamesIt(int length)
    {
        using var sandbox = new GitSandbox();
        var content = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("some text\n", length / 10)));
        File.WriteAllBytes(Path.Combine(sandbox.Top, "some.txt"), content);

        var id = sandbox.Git("hash-object", "some.txt").Trim();

        ObjectId.Of("blob", content, EmptySha1).Should().Be(id);
        ObjectId.IsOf(id, new MemoryStream(content)).Should().BeTrue();
        content[^1] = 0;
        ObjectId.IsOf(id, new MemoryStream(content)).Should().BeFalse();
    }
}
