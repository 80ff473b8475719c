using System.Text;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Files;

public sealed class DurableFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ReadOrNull_WayThroughAFolderThatIsNotThere_IsReadAsItIsOpened()
    {
        File.WriteAllText(_folder.File("file"), "kept");

        Encoding.UTF8.GetString(DurableFile.ReadOrNull(_folder.File("missing/../file"))!).Should().Be("kept");
    }

    [Fact]
    public void ReplaceByCopy_UntilTheRename_TheOldContentIsInItsPlace()
    {
        File.WriteAllText(_folder.File("file"), "old");
        File.WriteAllText(_folder.File("come"), "new");
        var path = GuardedPath.Of(_folder.File("file"));
        var seen = "";

        FluentActions
            .Invoking(() => DurableFile.ReplaceByCopy(path, _folder.File("come"), static () => throw new IOException("no room")))
            .Should()
            .Throw<IOException>()
            .WithMessage("no room");
        File.ReadAllText(_folder.File("file")).Should().Be("old");
        Directory.GetFiles(_folder.FullPath).Should().HaveCount(2, "nothing half is left");

        DurableFile.ReplaceByCopy(path, _folder.File("come"), () => seen = File.ReadAllText(_folder.File("file")));

        seen.Should().Be("old");
        File.ReadAllText(_folder.File("file")).Should().Be("new");
    }

    [Theory]
    [InlineData("none")]
    [InlineData("none/file")]
    [InlineData("file/below")]
    [InlineData("dangling")]
    public void ReadOrNull_NothingThere_IsNull(string name)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Links are made as on Linux.");
        File.WriteAllText(_folder.File("file"), "kept");
        File.CreateSymbolicLink(_folder.File("dangling"), _folder.File("nowhere"));

        DurableFile.ReadOrNull(_folder.File(name)).Should().BeNull();
    }
}
