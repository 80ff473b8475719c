using System.Globalization;
using LoopOrchestrator.Core.Json;
using LoopOrchestrator.Core.Toml;

namespace LoopOrchestrator.Core.Clients;

/// <summary>A value in a client's entry, in no format yet.</summary>
/// <param name="Leaf">A text, a number or a truth as JSON writes it, which is as TOML writes it but for a text's escapes.</param>
/// <param name="Text">The text of a leaf that is one.</param>
/// <param name="Items">The texts of a list.</param>
/// <param name="Members">The members of a table.</param>
internal sealed record EntryValue(
    string? Leaf,
    string? Text,
    IReadOnlyList<string>? Items,
    IReadOnlyList<KeyValuePair<string, EntryValue>>? Members
)
{
    public static EntryValue Of(string text) => new(null, text, null, null);

    public static EntryValue Of(bool flag) => new(flag ? "true" : "false", null, null, null);

    public static EntryValue Of(int number) => new(number.ToString(CultureInfo.InvariantCulture), null, null, null);

    public static EntryValue Of(IEnumerable<string> items) => new(null, null, [.. items], null);

    public static EntryValue Of(IEnumerable<KeyValuePair<string, string>> members) =>
        new(null, null, null, [.. members.Select(static member => KeyValuePair.Create(member.Key, Of(member.Value)))]);

    public JsonDraft ToJson() =>
        Members is not null ? JsonDraft.Object([.. Members.Select(static member => (member.Key, member.Value.ToJson()))])
        : Items is not null ? JsonDraft.Raw($"[{string.Join(", ", Items.Select(JsonStrings.Quote))}]")
        : Text is not null ? JsonDraft.Of(Text)
        : JsonDraft.Raw(Leaf!);

    /// <summary>As the value of a TOML key; a table stands in braces.</summary>
    public string ToToml() =>
        Members is not null
            ? $"{{ {string.Join(", ", Members.Select(static member => $"{TomlStrings.Key(member.Key)} = {member.Value.ToToml()}"))} }}"
        : Items is not null ? $"[{string.Join(", ", Items.Select(TomlStrings.Quote))}]"
        : Text is not null ? TomlStrings.Quote(Text)
        : Leaf!;
}
