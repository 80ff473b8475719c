using System.Text;
using LoopOrchestrator.Core.Git;
using LoopOrchestrator.Core.Tests.Checkpoints;

namespace LoopOrchestrator.Core.Tests.Git;

/// <summary>Objects that are named and written without git are those that git would have written.</summary>
public sealed class ObjectsTests
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

    [Fact]
    public void Write_SmallObject_IsReadByGitAndMayBeWrittenTwice()
    {
        using var sandbox = new GitSandbox();
        var objects = new LooseObjects(Path.Combine(sandbox.Top, ".git", "objects"));

        var id = objects.Write("blob", "some\ntext\n"u8, EmptySha1);
        objects.Write("blob", "some\ntext\n"u8, EmptySha1).Should().Be(id);

        sandbox.Git("cat-file", "blob", id).Should().Be("some\ntext\n");
        ObjectId.IsOf(id, new MemoryStream(Encoding.UTF8.GetBytes("some\ntext\n"))).Should().BeTrue();
        Directory.GetFiles(Path.Combine(sandbox.Top, ".git", "objects", id[..2])).Should().ContainSingle();
    }
}
