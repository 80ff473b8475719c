using System.Text;
using System.Text.Json;
using CsCheck;
using LoopOrchestrator.Core.Json;

namespace LoopOrchestrator.Core.Tests.Json;

public sealed class JsonTextPropertyTests
{
    private static readonly Gen<string> Space = FixedSample.OneOf("", " ", "\n", "\r\n\t", "/* é */", "// 😀 \"\n");
    private static readonly Gen<string> String = Gen.OneOf(
        Gen.String[Gen.Char["ab\"\\é界/ "], 0, 6]
            .Select(text => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""),
        FixedSample.OneOf("\"\\u00e9\\ud83d\\ude00\"", "\"\\ud83d\"", "\"\\n\\/\"", "\"{[,:]}\"", "\"// no comment\"")
    );

    private static readonly Gen<string> Leaf = Gen.OneOf(
        String,
        FixedSample.OneOf("null", "true", "false", "0", "-1", "1.5e+3", "123456789012345678901234567890")
    );
    private static readonly Gen<string> Document = Gen.Select(Space, Value(4), Space)
        .Select((before, value, after) => before + value + after);

    [Fact]
    public void Spans_OfGeneratedJson_TileTheText() => FixedSample.Run(Document, 2000, json =>
        {
            var text = JsonText.Read(Encoding.UTF8.GetBytes(json), "f", JsonDialect.WithComments);

            text.Problem.Should().BeNull();
            var root = text.Root!;
            var whole =
                Encoding.UTF8.GetString(text.Bytes.Span[..root.Span.Start])
                + Rebuild(text, root)
                + Encoding.UTF8.GetString(text.Bytes.Span[root.Span.End..]);
            whole.Should().Be(json);
        });

    [Fact]
    public void Values_OfGeneratedJson_AreTheFrameworks() => FixedSample.Run(Document, 2000, json =>
        {
            using var document = JsonDocument.Parse(json, new() { CommentHandling = JsonCommentHandling.Skip });
            Compare(JsonText.Read(Encoding.UTF8.GetBytes(json), "f", JsonDialect.WithComments).Root!, document.RootElement);
        });

    [Fact]
    public void Read_AnyBytes_NeverThrows()
    {
        var bytes = Gen.OneOf(
            Gen.Byte.Array[0, 40],
            FixedSample
                .OneOf("{}[]\",:\\/*u0d8 1-e.\n\ttrfalsn'é\0"u8.ToArray())
                .SelectMany(alphabet => FixedSample.OneOf(alphabet).Array[0, 40]),
            Gen.Select(Document, Gen.Int[0, 1000], Gen.Byte).Select((json, at, value) => Damage(Encoding.UTF8.GetBytes(json), at, value)),
            Gen.Select(Document, Gen.Int[0, 1000])
                .Select((json, at) => Encoding.UTF8.GetBytes(json) is var all ? all[..(at % (all.Length + 1))] : [])
        );
        FixedSample.Run(
            bytes,
            4000,
            value =>
            {
                foreach (var dialect in Enum.GetValues<JsonDialect>())
                {
                    var text = JsonText.Read(value, "f", dialect);
                    (text.Root is null).Should().Be(text.Problem is not null);
                    (text.Problem?.Message.Length ?? 1).Should().BePositive();
                }
            },
            Convert.ToHexString
        );
    }

    private static byte[] Damage(byte[] bytes, int at, byte value)
    {
        if (bytes.Length > 0)
        {
            bytes[at % bytes.Length] = value;
        }

        return bytes;
    }

    private static Gen<string> Value(int depth)
    {
        if (depth == 0)
        {
            return Leaf;
        }

        var inner = Value(depth - 1);
        var item = Gen.Select(Space, inner, Space).Select((before, value, after) => before + value + after);
        // The framework takes no comment between a name and its colon.
        var member = Gen.Select(Space, String, FixedSample.OneOf("", " ", "\n"), item)
            .Select((before, name, between, value) => before + name + between + ":" + value);
        return Gen.OneOf(
            Leaf,
            Gen.Select(Space, item.Array[0, 4]).Select((space, items) => $"[{(items.Length == 0 ? space : string.Join(',', items))}]"),
            Gen.Select(Space, member.Array[0, 4])
                .Select((space, members) => $"{{{(members.Length == 0 ? space : string.Join(',', members))}}}")
        );
    }

    private static string Rebuild(JsonText text, JsonTextNode node)
    {
        var bytes = text.Bytes.Span;
        var result = new StringBuilder();
        var at = node.Span.Start;
        foreach (
            var (name, child) in node
                .Members.Select(member => ((ByteSpan?)member.NameSpan, member.Value))
                .Concat(node.Items.Select(item => ((ByteSpan?)null, item)))
        )
        {
            if (name is { } span)
            {
                bytes[span.Start].Should().Be((byte)'"');
                bytes[span.End - 1].Should().Be((byte)'"');
                result.Append(Encoding.UTF8.GetString(bytes[at..span.Start])).Append(Encoding.UTF8.GetString(bytes[span.Start..span.End]));
                at = span.End;
            }

            result.Append(Encoding.UTF8.GetString(bytes[at..child.Span.Start])).Append(Rebuild(text, child));
            at = child.Span.End;
        }

        return result.Append(Encoding.UTF8.GetString(bytes[at..node.Span.End])).ToString();
    }

    private static void Compare(JsonTextNode node, JsonElement element)
    {
        node.Kind.Should().Be(element.ValueKind);
        node.Raw.Should().Be(element.GetRawText());
        if (node.Kind is JsonValueKind.Object)
        {
            node.Members.Length.Should().Be(element.EnumerateObject().Count());
            foreach (var (member, property) in node.Members.Zip(element.EnumerateObject()))
            {
                Compare(member.Value, property.Value);
            }
        }
        else if (node.Kind is JsonValueKind.Array)
        {
            node.Items.Length.Should().Be(element.GetArrayLength());
            foreach (var (item, other) in node.Items.Zip(element.EnumerateArray()))
            {
                Compare(item, other);
            }
        }
        else if (node.Kind is JsonValueKind.String && !node.Raw.Contains("\"\\ud83d\"", StringComparison.Ordinal))
        {
            node.Text.Should().Be(element.GetString());
        }
    }
}
