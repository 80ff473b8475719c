using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Memory;
using LoopOrchestrator.Core.Scheduling.Reading;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Core.Todo;

namespace LoopOrchestrator.Mcp.Tests.Files;

/// <summary>What must hold of a workspace's files whenever no server is at work, whatever happened to servers before.</summary>
internal static class WorkspaceHealth
{
    /// <summary>No file is torn, nothing half-made lies about, and no lock is held.</summary>
    public static async Task CheckAsync(WorkspacePaths paths)
    {
        TimingLogReader
            .Read(paths)
            .Should()
            .Match<TimingReading>(static reading => reading.NotUnderstood == 0 && reading.RepairedRows == 0 && reading.BlankLines == 0);
        File.ReadAllText(paths.Timing).Should().EndWith("\n");
        (await new MemoryStore(paths, TimeProvider.System).ReadAsync(cancellationToken: TestContext.Current.CancellationToken))
            .Diagnostics.Should()
            .BeEmpty();
        TodoReader.Read(paths).Diagnostics.Should().BeEmpty();
        new ScheduleSource(paths, TimeProvider.System).Diagnostics.Should().BeEmpty();
        foreach (var folder in new[] { paths.Root, paths.MemoryArchive }.Where(Directory.Exists))
        {
            Directory.GetFiles(folder, ".*.tmp").Should().BeEmpty();
        }

        foreach (var file in Directory.GetFiles(paths.Locks))
        {
            using var free = FileLock.TryAcquire(file);
            free.Should().NotBeNull($"nobody is left who could hold {Path.GetFileName(file)}");
        }
    }
}
