using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LoopOrchestrator.Core.Json;

/// <summary>One value of a <see cref="JsonText"/>, with the place it was read from. Immutable.</summary>
public sealed class JsonTextNode
{
    private readonly ReadOnlyMemory<byte> _file;

    internal JsonTextNode(
        ReadOnlyMemory<byte> file,
        JsonValueKind kind,
        ByteSpan span,
        ImmutableArray<JsonTextMember> members,
        ImmutableArray<JsonTextNode> items
    )
    {
        _file = file;
        Kind = kind;
        Span = span;
        Members = members;
        Items = items;
    }

    /// <summary>What it is; never <see cref="JsonValueKind.Undefined"/>.</summary>
    public JsonValueKind Kind { get; }

    /// <summary>Where it stands, quotes and brackets included, white space and comments around it not.</summary>
    public ByteSpan Span { get; }

    /// <summary>The members of an object in the order of the file, a name that occurs twice listed twice; empty for other kinds.</summary>
    public ImmutableArray<JsonTextMember> Members { get; }

    /// <summary>The items of an array; empty for other kinds.</summary>
    public ImmutableArray<JsonTextNode> Items { get; }

    /// <summary>The value exactly as the file has it.</summary>
    public string Raw => Encoding.UTF8.GetString(Bytes);

    /// <summary>
    /// The content of a string with its escapes resolved; <see langword="null"/> for other kinds.
    /// Half of a surrogate pair, which JavaScript lets pass, becomes U+FFFD.
    /// </summary>
    public string? Text => Kind is JsonValueKind.String ? JsonStrings.Decode(Bytes[1..^1]) : null;

    /// <summary>The value of <c>true</c> or <c>false</c>; <see langword="null"/> for other kinds.</summary>
    public bool? Boolean =>
        Kind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => null,
        };

    /// <summary>
    /// The value of a number as JavaScript would hold it (so infinite when it is too large for a double); <see langword="null"/> for other
    /// kinds.
    /// </summary>
    public double? Number =>
        Kind is JsonValueKind.Number && double.TryParse(Bytes, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;

    private ReadOnlySpan<byte> Bytes => _file.Span[Span.Start..Span.End];

    /// <summary>Reads a number that is written as a whole one (<c>10</c>, not <c>10.0</c> or <c>1e1</c>) and fits.</summary>
    public bool TryGetInt64(out long value)
    {
        value = 0;
        return Kind is JsonValueKind.Number && Utf8Parser.TryParse(Bytes, out value, out var used) && used == Span.Length;
    }

    /// <summary>
    /// The member with this name, compared by code unit; of several the last, as <c>JSON.parse</c> decides; <see langword="null"/> when
    /// there is none.
    /// </summary>
    public JsonTextMember? Find(string name)
    {
        for (var i = Members.Length - 1; i >= 0; i--)
        {
            if (string.Equals(Members[i].Name, name, StringComparison.Ordinal))
            {
                return Members[i];
            }
        }

        return null;
    }
}
