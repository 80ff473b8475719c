using System.Text;

namespace LoopOrchestrator.Core.Json;

/// <summary>A value to be written: a leaf as JSON writes it, or an object of such.</summary>
/// <param name="Leaf">The text of a leaf; <see langword="null"/> for an object.</param>
/// <param name="Members">The members of an object, in order.</param>
internal sealed record JsonDraft(string? Leaf, IReadOnlyList<(string Name, JsonDraft Value)> Members)
{
    public static JsonDraft Of(string text) => new(JsonStrings.Quote(text), []);

    public static JsonDraft Of(bool flag) => new(flag ? "true" : "false", []);

    /// <summary>A number, or whatever else is JSON already.</summary>
    public static JsonDraft Raw(string json) => new(json, []);

    public static JsonDraft Object(IReadOnlyList<(string Name, JsonDraft Value)> members) => new(null, members);

    /// <summary>The text of the value.</summary>
    /// <param name="style">How the file is written.</param>
    /// <param name="indentation">The white space before the line that it stands in; <see langword="null"/> to write it in one line.</param>
    public string Render(JsonStyle style, string? indentation)
    {
        if (Leaf is not null)
        {
            return Leaf;
        }

        var text = new StringBuilder("{");
        var inner = indentation is null ? null : indentation + style.Unit;
        var number = 0;
        foreach (var (name, value) in Members)
        {
            text.Append(
                number++ == 0 ? ""
                : inner is null ? style.Separator
                : ","
            );
            text.Append(inner is null ? "" : style.NewLine + inner)
                .Append(JsonStrings.Quote(name))
                .Append(style.Colon)
                .Append(value.Render(style, inner));
        }

        return text.Append(indentation is null || Members.Count == 0 ? "" : style.NewLine + indentation).Append('}').ToString();
    }
}
