namespace LoopOrchestrator.Core.Commits.Credentials;

/// <summary>Something that looks like a credential. What it is, is not kept.</summary>
/// <param name="Line">The line, counted from 1; 0 where the file's name says it.</param>
/// <param name="Pattern">The name of the pattern, for example <c>github-token</c>, or of the variable whose value it is.</param>
public sealed record CredentialFinding(int Line, string Pattern);
