using System.Text.Json;

namespace LoopOrchestrator.Core.Json;

/// <summary>Builds the tree of a <see cref="JsonText"/> from the framework's token reader, without recursion. For one use.</summary>
internal sealed class JsonTreeBuilder(JsonText text, int start, JsonDialect dialect)
{
    private readonly Stack<Container> _open = new();
    private JsonTextNode? _root;

    /// <summary>Reads everything; either a root or a fault comes back.</summary>
    public (JsonTextNode? Root, JsonSyntaxFault? Fault) Build()
    {
        var lenient = dialect is JsonDialect.WithComments;
        var reader = new Utf8JsonReader(
            text.Bytes.Span[start..],
            new JsonReaderOptions
            {
                MaxDepth = JsonText.MaxDepth,
                AllowTrailingCommas = lenient,
                CommentHandling = lenient ? JsonCommentHandling.Skip : JsonCommentHandling.Disallow,
            }
        );
        var consumed = 0;
        var last = JsonTokenType.None;
        try
        {
            while (reader.Read())
            {
                Take(ref reader);
                consumed = (int)reader.BytesConsumed;
                last = reader.TokenType;
            }
        }
        catch (JsonException exception)
        {
            var state = new JsonFaultState(
                last,
                start + consumed,
                _open.TryPeek(out var inner) ? inner.Kind : JsonValueKind.Undefined,
                _open.Count,
                inner?.Start ?? 0,
                lenient
            );
            return (null, JsonSyntaxFault.Explain(text, exception, start, state));
        }

        return (_root, null);
    }

    private void Take(ref Utf8JsonReader reader)
    {
        var at = start + (int)reader.TokenStartIndex;
        var plain = new ByteSpan(at, at + reader.ValueSpan.Length);
        var quoted = new ByteSpan(at, at + reader.ValueSpan.Length + 2);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                _open.Push(new(JsonValueKind.Object, at));
                break;
            case JsonTokenType.StartArray:
                _open.Push(new(JsonValueKind.Array, at));
                break;
            case JsonTokenType.EndObject:
            case JsonTokenType.EndArray:
                var closed = _open.Pop();
                Add(new(text.Bytes, closed.Kind, new(closed.Start, at + 1), [.. closed.Members], [.. closed.Items]));
                break;
            case JsonTokenType.PropertyName:
                var inner = _open.Peek();
                inner.Name = JsonStrings.Decode(reader.ValueSpan);
                inner.NameSpan = quoted;
                break;
            case JsonTokenType.String:
                Add(Leaf(JsonValueKind.String, quoted));
                break;
            case JsonTokenType.Number:
                Add(Leaf(JsonValueKind.Number, plain));
                break;
            case JsonTokenType.True:
                Add(Leaf(JsonValueKind.True, plain));
                break;
            case JsonTokenType.False:
                Add(Leaf(JsonValueKind.False, plain));
                break;
            case JsonTokenType.Null:
                Add(Leaf(JsonValueKind.Null, plain));
                break;
        }
    }

    private JsonTextNode Leaf(JsonValueKind kind, ByteSpan span) => new(text.Bytes, kind, span, [], []);

    private void Add(JsonTextNode node)
    {
        if (!_open.TryPeek(out var inner))
        {
            _root = node;
        }
        else if (inner.Kind is JsonValueKind.Array)
        {
            inner.Items.Add(node);
        }
        else
        {
            inner.Members.Add(new(inner.Name, inner.NameSpan, node));
        }
    }

    private sealed class Container(JsonValueKind kind, int start)
    {
        public JsonValueKind Kind => kind;

        public int Start => start;

        public List<JsonTextMember> Members { get; } = [];

        public List<JsonTextNode> Items { get; } = [];

        public string Name { get; set; } = "";

        public ByteSpan NameSpan { get; set; }
    }
}
