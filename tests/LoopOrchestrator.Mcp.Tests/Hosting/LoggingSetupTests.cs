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

    // As a logger of the framework is called; the extension methods are for messages that are compiled.
    private static void Write(ILogger logger, string message) =>
        logger.Log(LogLevel.Warning, default, message, exception: null, static (text, _) => text);
}
