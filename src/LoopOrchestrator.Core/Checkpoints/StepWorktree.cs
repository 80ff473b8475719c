namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>A git work tree for one step that works apart from the others.</summary>
/// <param name="Id">Its id, one segment of a path.</param>
/// <param name="Folder">Where the step works: the workspace's folder in the work tree, absolute.</param>
/// <param name="Top">The top of the work tree, absolute.</param>
/// <param name="BaseId">The checkpoint of the workspace that it was made of; see <see cref="CheckpointCommits"/>.</param>
/// <param name="Head">The commit that its HEAD led to at first: the user's HEAD, and on it what was not committed.</param>
internal sealed record StepWorktree(string Id, string Folder, string Top, string BaseId, string Head);
