namespace LoopOrchestrator.Core.Requests;

/// <summary>What is recorded of a call that was made with a request id.</summary>
/// <param name="Digest">What is kept of its arguments.</param>
/// <param name="CreatedAt">When it was made for the first time.</param>
/// <param name="RunId">The run that it is about, which may be removed by now.</param>
/// <param name="Note">By what its effect is told again.</param>
/// <param name="Answer">What it was answered, as JSON; <see langword="null"/> as long as that is not known, or is told by its run.</param>
internal sealed record RecordedRequest(string Digest, DateTimeOffset CreatedAt, string? RunId, string? Note, string? Answer);
