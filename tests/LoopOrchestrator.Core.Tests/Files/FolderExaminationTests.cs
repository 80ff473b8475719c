using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Files;

public sealed class FolderExaminationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // A path that no call of the system takes: whoever looks into that folder is told so.
    [Theory]
    [InlineData(".git")]
    [InlineData("node_modules")]
    [InlineData(".loop")]
    public void Examine_FolderOfPackagesOrObjects_IsNotLookedInto(string name)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere other paths are too long.");
        File.WriteAllText(_folder.File("TODO.md"), "- [ ] one\n");
        var below = Path.Combine(_folder.FullPath, "sub", name, Deep("a"));
        Directory.CreateDirectory(below);
        Directory.CreateDirectory(Path.Combine(_folder.FullPath, Deep("b")));
        Directory.Move(_folder.File("b"), Path.Combine(below, "b"));
        try
        {
            FolderExamination.Examine(_folder.FullPath, TimeZoneInfo.Utc).Select(static file => file.File).Should().Equal("TODO.md");
        }
        finally
        {
            Directory.Move(Path.Combine(below, "b"), _folder.File("b"));
        }

        static string Deep(string root) => Path.Combine([root, .. Enumerable.Repeat(new string('x', 200), 12)]);
    }
}
