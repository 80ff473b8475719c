namespace LoopOrchestrator.Mcp.Tools.Calls;

/// <summary>What a comparison of a call's arguments with the tool's schema found.</summary>
/// <param name="Problems">One sentence per problem; empty when the tool can be bound.</param>
/// <param name="Ignored">The names of arguments that nobody declared, in their order; some clients add fields of their own.</param>
internal sealed record ArgumentFindings(IReadOnlyList<string> Problems, IReadOnlyList<string> Ignored);
