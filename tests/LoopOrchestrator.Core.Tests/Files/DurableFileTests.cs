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
