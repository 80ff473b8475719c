using LoopOrchestrator.Core.Workspaces;

namespace LoopOrchestrator.Core.Workflows;

/// <summary>Temporary.</summary>
internal sealed class WorkEvidence(WorkspacePaths paths, TimeProvider time) : IWorkEvidence
{
    public Task TakeAsync(string name, string? workTree, CancellationToken cancellationToken) => throw new UserErrorException("not yet " + paths.Root + time);
    public Task<StepChanges?> CompareAsync(string before, string after, CancellationToken cancellationToken) => throw new UserErrorException("not yet");
    public Task<string> IsolateAsync(string name, CancellationToken cancellationToken) => throw new UserErrorException("not yet");
    public Task<string?> LandAsync(string name, CancellationToken cancellationToken) => throw new UserErrorException("not yet");
    public Task RemoveAsync(string name, CancellationToken cancellationToken) => Task.CompletedTask;
    public Task TidyAsync(IReadOnlyList<string> open, CancellationToken cancellationToken) => Task.CompletedTask;
}
