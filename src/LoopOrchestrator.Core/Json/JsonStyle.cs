using System.Text;

namespace LoopOrchestrator.Core.Json;

/// <summary>How a file is written, so that what is added looks like what is there.</summary>
/// <param name="NewLine">The line end that most of its lines have.</param>
/// <param name="Unit">The white space of one level.</param>
/// <param name="Colon">What stands between a name and its value.</param>
/// <param name="IsOneLine">Whether it has no line end at all.</param>
internal sealed record JsonStyle(string NewLine, string Unit, string Colon, bool IsOneLine)
{
    /// <summary>How <c>JSON.stringify(…, null, 2)</c> writes.</summary>
    public static JsonStyle Default { get; } = new("\n", "  ", ": ", IsOneLine: false);

    /// <summary>What stands between two members of an object in one line.</summary>
    public string Separator => Colon == ":" ? "," : ", ";

    public static JsonStyle Of(JsonText text)
    {
        var bytes = text.Bytes.Span;
        var lines = bytes.Count((byte)'\n');
        return new JsonStyle(
            bytes.Count("\r\n"u8) * 2 > lines ? "\r\n" : "\n",
            UnitOf(bytes),
            text.Root?.Members is [var first, ..] ? ColonOf(bytes, first) : Default.Colon,
            lines == 0
        );
    }

    private static string UnitOf(ReadOnlySpan<byte> bytes)
    {
        while (bytes.IndexOf((byte)'\n') is var end and >= 0)
        {
            bytes = bytes[(end + 1)..];
            var width = bytes.IndexOfAnyExcept((byte)' ', (byte)'\t');
            if (width > 0 && bytes[width] is (byte)'"' or (byte)'{' or (byte)'[')
            {
                return Encoding.UTF8.GetString(bytes[..width]);
            }
        }

        return Default.Unit;
    }

    private static string ColonOf(ReadOnlySpan<byte> bytes, JsonTextMember member)
    {
        var between = Encoding.UTF8.GetString(bytes[member.NameSpan.End..member.Value.Span.Start]);
        return between.Trim(' ', '\t') == ":" ? between : Default.Colon;
    }
}
