namespace LoopOrchestrator.Core.Agents.Presets;

/// <summary>
/// A cloud through which an agent program reaches its model: what says that it does so, and which variables it then needs. Nobody else gets
/// them.
/// </summary>
/// <param name="Variables">Names, or prefixes that end in <c>*</c>.</param>
internal sealed record CloudAccess(IReadOnlyList<string> Variables)
{
    /// <summary>The variable that switches it on.</summary>
    public string? Switch { get; init; }

    /// <summary>The begin of the name of a model that is reached by it, where the configuration names the model.</summary>
    public string? ModelPrefix { get; init; }

    /// <summary>What it does not work without: of each list one variable at least.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Needs { get; init; } = [];

    /// <summary>What says that it is used.</summary>
    /// <param name="model">The model that the configuration asks for.</param>
    /// <param name="read">The value of a variable.</param>
    /// <returns><see langword="null"/> when nothing does.</returns>
    public string? WhyUsed(string? model, Func<string, string?> read) =>
        Switch is { } name && IsOn(read(name)) ? $"{name} is set"
        : ModelPrefix is { } prefix && model?.StartsWith(prefix, StringComparison.Ordinal) == true ? $"its model is {model}"
        : null;

    private static bool IsOn(string? value) => value?.Trim().ToLowerInvariant() is "1" or "true" or "yes" or "on";
}
