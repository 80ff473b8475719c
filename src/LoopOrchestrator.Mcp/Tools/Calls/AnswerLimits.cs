using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using LoopOrchestrator.Core.Text;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace LoopOrchestrator.Mcp.Tools.Calls;

/// <summary>
/// Bounds what a tool that only looks answers: files that others write may hold texts of any length, and a model has to read
/// every answer. Ordinary answers pass unchanged. Tools that change something answer what their caller gave, and briefs whole.
/// </summary>
internal static class AnswerLimits
{
    /// <summary>
    /// The most bytes (UTF-8) of an answer's JSON. On the wire it is there twice: structured, and as text for older clients.
    /// </summary>
    public const int MaxBytes = 128 * 1024;

    /// <summary>
    /// The most bytes of a page of a list that goes on behind a cursor. Clients cut what is longer in the middle, some at 8 KB, and
    /// whoever gets the rest by asking for it loses nothing.
    /// </summary>
    public const int PageBytes = 8000;

    /// <summary>The most bytes of either form of an answer of a tool that does not say that its answers may be long.</summary>
    public const int ShortBytes = 8192;

    /// <summary>The most characters of the message of a refusal.</summary>
    public const int MaxErrorLength = 8000;

    /// <summary>The most characters of a text within a list: as long as the longest memory entry that a tool writes.</summary>
    public const int MaxTextLength = 8192;

    /// <summary>The most characters of a text within a list, where the answer would be too large otherwise.</summary>
    public const int ShortText = 2000;

    /// <summary>The most characters of a text beside the lists, where the answer would be too large otherwise.</summary>
    private const int MaxFieldLength = 16_384;

    /// <summary>The most texts in a list within an item of a list, where the answer would be too large otherwise.</summary>
    private const int MaxInnerTexts = 20;

    /// <summary>The list of <c>read_memory</c>: what is new matters most, and stands at the end.</summary>
    private const string OldestFirst = "entries";

    /// <summary>Where lists are in pages that a tool answers without.</summary>
    private static readonly Dictionary<string, string> Pages = new(StringComparer.Ordinal)
    {
        ["list_todos"] = "loop://todo",
        ["read_memory"] = "loop://memory",
        ["list_schedules"] = "loop://schedules",
        ["get_timing"] = "loop://timing",
    };

    // Of so many characters neither form has too many bytes, whatever they are.
    private const int AlwaysShort = ShortBytes / 4;

    /// <summary>Room for the sentence that says what was left out.</summary>
    private const int NoteBytes = 1024;

    /// <summary>Room for what stands beside the items of a page.</summary>
    private const int CursorBytes = 128;

    /// <summary>Counts bytes as they are told to a client that escapes no more than it must.</summary>
    private static readonly JsonSerializerOptions Plain = new(McpJsonUtilities.DefaultOptions)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>A text of at most this many characters, and how many more there were.</summary>
    public static string Cut(string text, int longest)
    {
        if (text.Length <= longest)
        {
            return text;
        }

        var head = TextCut.Head(text, longest);
        return string.Create(CultureInfo.InvariantCulture, $"{head}…[+{text.Length - head.Length:N0} characters]");
    }

    /// <summary>The first of some items, as many as fit into one answer.</summary>
    /// <param name="items">The items.</param>
    /// <param name="type">How one is written.</param>
    /// <param name="mostBytes">How large the answer may be.</param>
    /// <param name="leastOne">Whether the first item is there however large it is: whoever turns pages has to get on.</param>
    public static IReadOnlyList<T> Fitting<T>(IEnumerable<T> items, JsonTypeInfo<T> type, int mostBytes, bool leastOne = true)
    {
        var fitting = new List<T>();
        var size = CursorBytes;
        foreach (var item in items)
        {
            // As the wire carries them, escaped: a page that ends earlier loses nothing.
            size += JsonSerializer.SerializeToUtf8Bytes(item, type).Length + 1;
            if (size > mostBytes && (fitting.Count > 0 || !leastOne))
            {
                break;
            }

            fitting.Add(item);
        }

        return fitting;
    }

    /// <summary>
    /// The same answer, within the limits: <see cref="MaxBytes"/> for a tool that tells clients that its answers may be long, for every
    /// other one what the most cautious client hands on whole.
    /// </summary>
    public static CallToolResult Apply(Tool tool, CallToolResult result)
    {
        if (
            result.IsError is true
            || tool.Annotations?.ReadOnlyHint is not true
            || result.StructuredContent is not { ValueKind: JsonValueKind.Object } content
        )
        {
            return result;
        }

        var raw = content.GetRawText();
        var isLong = tool.Meta?.ContainsKey(ToolMeta.MaxResultSize) is true;
        if (raw.Length <= (isLong ? MaxTextLength : AlwaysShort))
        {
            return result;
        }

        string? note = null;
        var answer = JsonObject.Create(content)!;
        if (!isLong)
        {
            var size = ShortAnswer.SizeOf(answer);
            if (size.Largest <= ShortBytes)
            {
                return result;
            }

            (answer, var tooMuch) = ShortAnswer.Fit(content, size, ShortBytes, Has(tool.OutputSchema, "next_cursor"));
            return With(result, answer, tooMuch is null ? null : AddNote(answer, tool, tooMuch));
        }

        var isCut = CutLists(answer, MaxTextLength, int.MaxValue);
        if (SizeOf(answer) > MaxBytes)
        {
            // From the start again: each cut says how much is missing of the whole text.
            answer = JsonObject.Create(content)!;
            note = Shrink(answer, tool);
        }
        else if (!isCut)
        {
            return result;
        }

        return With(result, answer, note);
    }

    private static CallToolResult With(CallToolResult result, JsonObject answer, string? note)
    {
        var text = answer.ToJsonString(Plain);
        using var document = JsonDocument.Parse(text);
        result.StructuredContent = document.RootElement.Clone();
        result.Content = [new TextContentBlock { Text = text }];
        if (note is not null)
        {
            result.Content.Add(new TextContentBlock { Text = note });
        }

        return result;
    }

    /// <summary>
    /// Makes a document fit into <paramref name="mostBytes"/>: long texts are cut, then the largest list loses items.
    /// </summary>
    /// <returns>What was left out, as in "3 of 20 in runs"; nothing when every item is there.</returns>
    public static string? Fit(JsonObject document, int mostBytes)
    {
        if (SizeOf(document) <= mostBytes)
        {
            return null;
        }

        CutLists(document, ShortText, MaxInnerTexts);
        if (SizeOf(document) > mostBytes)
        {
            foreach (var (name, value) in document.Where(static member => IsText(member.Value)).ToList())
            {
                document[name] = Cut(value!.GetValue<string>(), Math.Min(MaxFieldLength, mostBytes / 4));
            }
        }

        return SizeOf(document) > mostBytes && LeaveOut(document, mostBytes) is { Length: > 0 } leftOut ? leftOut : null;
    }

    /// <summary>How many bytes a document has for a client that escapes no more than it must.</summary>
    public static int SizeOf(JsonNode? node) => node is null ? 4 : Encoding.UTF8.GetByteCount(node.ToJsonString(Plain));

    /// <returns>What has to be told beside the answer; null for nothing.</returns>
    private static string? Shrink(JsonObject answer, Tool tool) =>
        Fit(answer, MaxBytes) is { } leftOut ? AddNote(answer, tool, leftOut) : null;

    /// <summary>
    /// Takes the last item of whichever list is the largest, until the answer fits; of memory entries, which stand oldest first, the first.
    /// </summary>
    private static string LeaveOut(JsonObject answer, int mostBytes)
    {
        var lists = answer
            .Where(static member => member.Value is JsonArray)
            .Select(static member => new SizedList(member.Key, member.Value!.AsArray(), fromStart: member.Key == OldestFirst))
            .ToList();
        var size = SizeOf(answer) + NoteBytes;
        while (size > mostBytes && lists.MaxBy(static list => list.Bytes) is { Bytes: > 0 } largest)
        {
            size -= largest.DropOne();
        }

        return string.Join(
            ", ",
            lists
                .Where(static list => list.Dropped > 0)
                .Select(static list => $"{list.Dropped} of {list.Dropped + list.Count} in {list.Name}")
        );
    }

    /// <returns>What has to be told beside the answer, which has no place for it; null where it has one.</returns>
    private static string? AddNote(JsonObject answer, Tool tool, string leftOut)
    {
        var told =
            $"Left out because the answer would be too large: {leftOut}. "
            + (
                tool.Name == "get_status"
                    ? "list_runs and list_schedules have the rest, and the resource loop://status all of it."
                    : "Ask for less at a time, with the tool's filters"
                        + (Pages.TryGetValue(tool.Name, out var resource) ? $", or read the resource {resource}, which has pages." : ".")
            );
        if (Has(tool.OutputSchema, "note"))
        {
            answer["note"] = IsText(answer["note"]) ? $"{answer["note"]!.GetValue<string>()} {told}" : told;
            return null;
        }

        // The findings of a run are its agent's.
        if (!answer.ContainsKey("run_id") && answer["findings"] is JsonArray findings)
        {
            findings.Insert(0, told);
            return null;
        }

        return told;
    }

    private static bool Has(JsonElement? schema, string name) =>
        schema is { ValueKind: JsonValueKind.Object } root
        && root.TryGetProperty("properties", out var properties)
        && properties.TryGetProperty(name, out _);

    /// <summary>Cuts the texts in lists, and lists of texts in their items.</summary>
    public static bool CutLists(JsonObject answer, int longest, int mostInner)
    {
        var isChanged = false;
        foreach (var list in answer.Select(static member => member.Value).OfType<JsonArray>())
        {
            isChanged |= CutAll(list, longest, mostInner);
        }

        return isChanged;
    }

    private static bool CutAll(JsonNode? node, int longest, int mostInner)
    {
        var isChanged = false;
        switch (node)
        {
            case JsonArray array:
                for (var index = 0; index < array.Count; index++)
                {
                    if (IsLong(array[index], longest))
                    {
                        array[index] = Cut(array[index]!.GetValue<string>(), longest);
                        isChanged = true;
                    }
                    else
                    {
                        isChanged |= CutAll(array[index], longest, mostInner);
                    }
                }

                break;
            case JsonObject item:
                for (var index = 0; index < item.Count; index++)
                {
                    var value = item.GetAt(index).Value;
                    if (IsLong(value, longest))
                    {
                        item.SetAt(index, Cut(value!.GetValue<string>(), longest));
                        isChanged = true;
                    }
                    else if (value is JsonArray inner && inner.Count > mostInner && inner.All(IsText))
                    {
                        var more = inner.Count - mostInner;
                        inner.RemoveRange(mostInner, more);
                        CutAll(inner, longest, mostInner);
                        inner.Add((JsonNode)$"…[+{more} more]");
                        isChanged = true;
                    }
                    else
                    {
                        isChanged |= CutAll(value, longest, mostInner);
                    }
                }

                break;
        }

        return isChanged;
    }

    private static bool IsText(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.String;

    // No text has more characters than its JSON has bytes: most are told apart without being made.
    private static bool IsLong(JsonNode? node, int longest) =>
        node is JsonValue value
        && IsText(value)
        && !(value.TryGetValue(out JsonElement element) && JsonMarshal.GetRawUtf8Value(element).Length <= longest)
        && value.GetValue<string>().Length > longest;

    /// <summary>A list of the answer and the size of each of its items.</summary>
    private sealed class SizedList(string name, JsonArray items, bool fromStart)
    {
        private readonly List<int> _sizes = [.. items.Select(static item => SizeOf(item) + 1)];

        public string Name => name;

        public int Count => items.Count;

        public int Dropped { get; private set; }

        public int Bytes { get; private set; } = items.Sum(static item => SizeOf(item) + 1);

        public int DropOne()
        {
            var index = fromStart ? 0 : items.Count - 1;
            var size = _sizes[index];
            _sizes.RemoveAt(index);
            items.RemoveAt(index);
            Bytes -= size;
            Dropped++;
            return size;
        }
    }
}
