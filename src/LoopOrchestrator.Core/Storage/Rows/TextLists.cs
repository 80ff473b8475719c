using System.Text.Json;

namespace LoopOrchestrator.Core.Storage.Rows;

/// <summary>Lists of texts as JSON in one column.</summary>
internal static class TextLists
{
    /// <summary>The list as it is stored.</summary>
    public static string Write(IReadOnlyList<string> values) => JsonSerializer.Serialize(values, RunJson.Default.IReadOnlyListString);

    /// <summary>As above; nothing for an empty list.</summary>
    public static string? WriteOrNull(IReadOnlyList<string> values) => values.Count == 0 ? null : Write(values);

    /// <summary>The list; an empty one where nothing is stored.</summary>
    public static IReadOnlyList<string> Read(string? json) =>
        json is null ? [] : JsonSerializer.Deserialize(json, RunJson.Default.IReadOnlyListString) ?? [];
}
