using System.Diagnostics;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Files;

public sealed class RunBellTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Ring_PipeInItsPlace_WaitsForNobody()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Pipes with a name are made as on Linux.");
        var bell = _folder.File("ring");
        using (var made = Process.Start("mkfifo", [bell]))
        {
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await Task.Run(() => RunBell.Ring(bell), TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Ring_NothingThereYet_MakesIt()
    {
        RunBell.Ring(_folder.File("ring"));

        File.Exists(_folder.File("ring")).Should().BeTrue();
    }
}
