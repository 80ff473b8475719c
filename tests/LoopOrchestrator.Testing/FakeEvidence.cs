using System.Collections.Concurrent;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Workflows;
using LoopOrchestrator.Core.Workflows.Cycles;

namespace LoopOrchestrator.Testing;

/// <summary>
/// A workspace whose changes are what a test says: a number for each checkpoint, and a file for each step between two numbers.
/// </summary>
internal sealed class FakeEvidence : IWorkEvidence
{
    private readonly ConcurrentDictionary<string, int> _checkpoints = new(StringComparer.Ordinal);

    /// <summary>How often the workspace was changed so far; a test counts it up for each change.</summary>
    public int Changes { get; set; }

    /// <summary>Why no checkpoint can be taken; <see langword="null"/> when it can.</summary>
    public string? Refusal { get; set; }

    /// <summary>Why nothing can be landed; <see langword="null"/> when it can.</summary>
    public string? LandingRefusal { get; set; }

    /// <summary>Called when something is landed.</summary>
    public Action OnLand { get; set; } = static () => { };

    /// <summary>Called with the name of each checkpoint, for tests with real ones beside these.</summary>
    public Func<string, Task> OnTake { get; set; } = static _ => Task.CompletedTask;

    /// <summary>What was asked for, in order.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    public Task<bool> HasAsync(string name, CancellationToken cancellationToken) => Task.FromResult(_checkpoints.ContainsKey(name));

    /// <summary>What a checkpoint lacks; <see langword="null"/> when nothing.</summary>
    public string? Lack { get; set; }

    /// <summary>Whether what changed between two checkpoints is not known.</summary>
    public bool IsUnknown { get; set; }

    public async Task<string?> TakeAsync(string name, CancellationToken cancellationToken)
    {
        Calls.Enqueue($"take {name}");
        _checkpoints[name] = Refusal is null ? Changes : throw new UserErrorException(Refusal);
        await OnTake(name);
        return Lack;
    }

    public Task<StepChanges?> CompareAsync(string before, string after, CancellationToken cancellationToken)
    {
        var count = _checkpoints[after] - _checkpoints[before];
        return Task.FromResult(
            IsUnknown
                ? null
                : new StepChanges(count, count, 0, [.. Enumerable.Range(1, count).Select(static number => $"M file{number}.cs")], [])
        );
    }

    public Task<string> IsolateAsync(string name, CancellationToken cancellationToken)
    {
        Calls.Enqueue($"isolate {name}");
        return Task.FromResult($"/tree/{name}");
    }

    public Task<string> IsolateAsBeforeAsync(string name, string other, CancellationToken cancellationToken)
    {
        Calls.Enqueue($"isolate {name} as {other} was");
        return Task.FromResult($"/tree/{name}");
    }

    public Task<StepChanges?> ChangesInAsync(string name, CancellationToken cancellationToken)
    {
        Calls.Enqueue($"changes in {name}");
        return Task.FromResult<StepChanges?>(new StepChanges(1, 1, 0, ["A isolated.cs"], []));
    }

    public Task<string?> LandAsync(string name, CancellationToken cancellationToken)
    {
        Calls.Enqueue($"land {name}");
        OnLand();
        return Task.FromResult(LandingRefusal);
    }

    /// <summary>What is left behind in work trees; <see langword="null"/> when nothing.</summary>
    public string? Left { get; set; }

    public Task<string?> KeepLeftAsync(string name, CancellationToken cancellationToken)
    {
        Calls.Enqueue($"keep left {name}");
        return Task.FromResult(Left);
    }

    public Task RemoveAsync(string name, CancellationToken cancellationToken)
    {
        Calls.Enqueue($"remove {name}");
        return Task.CompletedTask;
    }

    public Task TidyAsync(IReadOnlyList<string> open, CancellationToken cancellationToken) => Task.CompletedTask;
}
