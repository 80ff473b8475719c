using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Mcp.Hosting;
using LoopOrchestrator.Testing;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Mcp.Tests.Hosting;

public sealed class LoggingSetupTests
{
    [Fact]
    public void FileLog_WorkspaceIsAwayWhenAFileIsBegun_MakesNothingInItsPlaceAndGoesOnWhenItIsBack()
    {
        using var folder = new TemporaryFolder();
        var paths = new WorkspacePaths(Directory.CreateDirectory(folder.File("work")).FullName);
        using (var factory = LoggerFactory.Create(logging => logging.AddConsoleAndFileLog(paths)))
        {
            var logger = factory.CreateLogger("Test");
            Directory.Move(paths.Root, folder.File("away"));
            Write(logger, "written while the workspace is away");

            Directory.Exists(paths.Root).Should().BeFalse();
            Directory.Move(folder.File("away"), paths.Root);
            Write(logger, "written when it is back");
        }

        File.ReadAllText(Directory.GetFiles(Path.Combine(paths.State, "logs")).Should().ContainSingle().Which)
            .Should()
            .Contain("written when it is back")
            .And.NotContain("is away");
    }

    [Fact]
    public void FileLog_AfterItsFactoryIsDisposedOf_IsOpenNoMore()
    {
        using var folder = new TemporaryFolder();
        var paths = folder.Paths;
        using (var factory = LoggerFactory.Create(logging => logging.AddConsoleAndFileLog(paths)))
        {
            Write(factory.CreateLogger("Test"), "written to a file");
        }

        var file = Directory.GetFiles(Path.Combine(paths.State, "logs")).Should().ContainSingle().Which;
        var open = () => new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();

        open.Should().NotThrow("who has ended a host in its own process may move or remove its log");
    }

    // As a logger of the framework is called; the extension methods are for messages that are compiled.
    private static void Write(ILogger logger, string message) =>
        logger.Log(LogLevel.Warning, default, message, exception: null, static (text, _) => text);
}
