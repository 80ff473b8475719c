namespace LoopOrchestrator.Mcp.Configuration;

/// <summary>The words for scopes, in files, answers and on the command line.</summary>
internal static class AccessScopes
{
    /// <summary>The words, the least first.</summary>
    public static IReadOnlyList<string> Names { get; } = ["read", "run", "admin"];

    public static string Name(this AccessScope scope) => Names[(int)scope];

    /// <returns>The scope, or <see langword="null"/> for another word.</returns>
    public static AccessScope? Parse(string? name) =>
        Names.ToList().IndexOf(name ?? string.Empty) is >= 0 and var index ? (AccessScope)index : null;
}
