using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Rules;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Storage;
using LoopOrchestrator.Testing;
using Microsoft.Extensions.Time.Testing;

namespace LoopOrchestrator.Core.Tests.Storage;

/// <summary>A storage of a test's own, and short forms of what is recorded in it.</summary>
public abstract class StorageContract : IDisposable
{
    private protected static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private readonly IStorageBackend _backend;
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(Start);
    private readonly List<IStorage> _others = [];

    private protected StorageContract(IStorageBackend backend)
    {
        _backend = backend;
        Storage = backend.Open(_folder.Paths, _time);
    }

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected WorkspacePaths Paths => _folder.Paths;

    private protected IStorage Storage { get; }

    private protected IStorageBackend Backend => _backend;

    public void Dispose()
    {
        Storage.Dispose();
        _others.ForEach(static storage => storage.Dispose());
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The same storage as another process has it.</summary>
    private protected IStorage OpenAnother()
    {
        var other = _backend.Open(_folder.Paths, _time);
        _others.Add(other);
        return other;
    }

    private protected static Run Queued(string id, string? schedule = null, string? parent = null) =>
        new()
        {
            Id = id,
            Mode = "code",
            Task = $"do {id}",
            Agent = "checks",
            AgentKind = AgentKind.Command,
            Priority = RunPriority.Normal,
            ScheduleId = schedule,
            ParentRunId = parent,
            State = RunState.Queued,
            TimeoutSeconds = 60,
            CreatedAt = Start,
        };

    private protected static RunEndPolicy Policy(RunLimits? limits = null, params string[] channels) =>
        new(limits ?? new RunLimits { MaxAttempts = 1 }, channels);

    private protected static RunEnd Failed(string reason = "it broke") => new(RunState.Failed, Start.AddMinutes(1), reason);

    private protected static RunEnd Succeeded() => new(RunState.Succeeded, Start.AddMinutes(1), "it worked");

    private protected async Task<Run> AddAsync(Run run)
    {
        await Storage.Runs.AddAsync(run, "a test says so", Token);
        return run;
    }

    private protected async Task<Run> RunningAsync(Run run, RunStart? start = null)
    {
        await AddAsync(run);
        (await Storage.Runs.TryStartAsync(run.Id, start ?? new RunStart(Start), Token)).Should().BeTrue();
        return await GetAsync(run.Id);
    }

    private protected async Task<Run> EndedAsync(Run run, RunEnd end, RunEndPolicy? policy = null)
    {
        await RunningAsync(run);
        (await Storage.Runs.EndAttemptAsync(run.Id, end, policy ?? Policy(), Token)).Should().NotBeNull();
        return await GetAsync(run.Id);
    }

    private protected async Task<Run> GetAsync(string id) => (await Storage.Runs.FindAsync(id, Token))!;
}
