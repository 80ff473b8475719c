namespace LoopOrchestrator.Mcp.Cli.Output;

/// <summary>What <c>token list</c> prints.</summary>
/// <param name="File">Where the tokens are kept, as hashes.</param>
/// <param name="Tokens">In the order in which they were made.</param>
internal sealed record TokensAnswer(string File, IReadOnlyList<TokenAnswer> Tokens);
