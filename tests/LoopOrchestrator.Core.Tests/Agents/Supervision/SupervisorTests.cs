using LoopOrchestrator.Core.Agents.Supervision;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Testing;
using Microsoft.Extensions.Time.Testing;

namespace LoopOrchestrator.Core.Tests.Agents.Supervision;

public sealed class SupervisorTests : IDisposable
{
    private static readonly SupervisorOutcome Outcome = new() { End = SupervisorEnd.Exited, Reason = "it ended with exit code 0", EndedAt = DateTimeOffset.UnixEpoch, ExitCode = 0 };

    private readonly TemporaryFolder _test = new();
    private readonly FakeTimeProvider _time = new();
    private readonly RunFolder _folder;

    public SupervisorTests()
    {
        _folder = new RunFolder(_test.File("run"));
        _folder.Create();
    }

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task Keep_CannotBeWritten_TriesUntilItCan()
    {
        var isFull = true;
        var keeping = new Supervisor(_folder, _time).KeepAsync(() =>
        {
            if (isFull)
            {
                throw new IOException("there is no room");
            }

            _folder.Write(Outcome);
        });
        _time.Advance(TimeSpan.FromSeconds(1));
        keeping.IsCompleted.Should().BeFalse("there is no room yet");

        isFull = false;
        _time.Advance(TimeSpan.FromSeconds(1));
        await keeping.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        _folder.ReadOutcome()!.ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task Keep_FolderIsGone_DoesNotWait()
    {
        Directory.Delete(_folder.FullPath, recursive: true);

        await FluentActions.Awaiting(() => new Supervisor(_folder, _time).KeepAsync(() => _folder.Write(Outcome))).Should().ThrowAsync<IOException>();
    }
}
