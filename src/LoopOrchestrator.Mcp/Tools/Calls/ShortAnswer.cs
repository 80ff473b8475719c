using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;

namespace LoopOrchestrator.Mcp.Tools.Calls;

/// <summary>
/// Makes an answer as short as clients hand it on whole, in both of its forms: the JSON as it is on the wire, and the lines that people
/// read. Long texts are cut first, then lists lose items: those last that say what needs somebody.
/// </summary>
internal static class ShortAnswer
{
    // Room for the sentence that says what was left out, and where it is.
    private const int NoteBytes = 400;

    // Of a list within an item.
    private const int MaxInnerTexts = 8;

    // A list counts as that much smaller than it is when it is looked for the one to take from.
    private const int FirstAreSmaller = 6;

    // Of a text beside the lists: what is no longer than this is left alone, and of what is longer at least so much stays.
    private const int LongText = 100;
    private const int MinText = 50;

    private static readonly int[] Lengths = [2000, 500, 200, 100];

    private static readonly HashSet<string> First = new(StringComparer.Ordinal)
    {
        "attention",
        "held_back",
        "escalations",
        "running",
        "questions",
    };

    /// <summary>The same answer, of a size that fits.</summary>
    /// <param name="whole">The answer, which is an object and larger than that.</param>
    /// <param name="size">How large it is.</param>
    /// <param name="mostBytes">How large either form may be.</param>
    /// <param name="isPage">
    /// Whether it has a way to the next page: whoever made it made it fit, and an item taken from it would be on none.
    /// </param>
    public static FittedAnswer Fit(JsonElement whole, AnswerSize size, int mostBytes, bool isPage)
    {
        var answer = JsonObject.Create(whole)!;
        var isCut = false;
        foreach (var longest in Lengths)
        {
            // From the start again once anything is cut: each cut says how much is missing of the whole text.
            answer = isCut ? JsonObject.Create(whole)! : answer;
            isCut = AnswerLimits.CutLists(answer, longest, MaxInnerTexts);
            size = isCut ? SizeOf(answer) : size;
            if (size.Largest <= mostBytes)
            {
                return new FittedAnswer(answer, null);
            }
        }

        var lists = isPage
            ? []
            : answer
                .Where(static member => member.Value is JsonArray { Count: > 0 })
                .Select(static member => new SizedList(member.Key, member.Value!.AsArray()))
                .ToList();
        var most = mostBytes - NoteBytes;
        while (size.Largest > most && lists.MaxBy(static list => list.Weight) is { Weight: > 0 } largest)
        {
            size -= largest.DropOne();
        }

        CutTexts(answer, most);
        var leftOut = lists
            .Where(static list => list.Dropped > 0)
            .Select(static list => $"{list.Dropped} of {list.Dropped + list.Count} in {list.Name}");
        return new FittedAnswer(answer, string.Join(", ", leftOut) is { Length: > 0 } text ? text : null);
    }

    /// <summary>How large both forms of an answer are.</summary>
    public static AnswerSize SizeOf(JsonObject answer) =>
        new(Bytes(answer.ToJsonString(McpJsonUtilities.DefaultOptions)), Bytes(PlainText.Of(answer)));

    // What stands beside the lists: the longest one gives what is too much.
    private static void CutTexts(JsonObject answer, int most)
    {
        var texts = answer
            .Where(static member => member.Value is JsonValue value && value.GetValueKind() == JsonValueKind.String)
            .Select(static member => new SizedText(member.Key, member.Value!.GetValue<string>()))
            .Where(static text => text.Kept > LongText)
            .ToList();
        for (var size = SizeOf(answer).Largest; size > most; size = SizeOf(answer).Largest)
        {
            if (texts.MaxBy(static text => text.Kept) is not { Kept: > MinText } longest)
            {
                return;
            }

            answer[longest.Name] = longest.KeepLess((size - most) / 2);
        }
    }

    private static int Bytes(string text) => Encoding.UTF8.GetByteCount(text);

    // A text is cut out of the whole one each time, so that it says how much is missing of that.
    private sealed class SizedText(string name, string whole)
    {
        public string Name => name;

        public int Kept { get; private set; } = whole.Length;

        public string KeepLess(int tooMuch)
        {
            Kept = Math.Max(MinText, Kept - Math.Max(Kept / 4, tooMuch));
            return AnswerLimits.Cut(whole, Kept);
        }
    }

    private sealed class SizedList
    {
        private readonly JsonArray _items;
        private readonly List<AnswerSize> _sizes;
        private int _bytes;

        public SizedList(string name, JsonArray items)
        {
            (Name, _items) = (name, items);
            _sizes = [.. items.Select(SizeOfItem)];
            _bytes = _sizes.Sum(static size => size.Largest);
        }

        public string Name { get; }

        public int Count => _items.Count;

        public int Dropped { get; private set; }

        /// <summary>The larger, the sooner something is taken from it.</summary>
        public int Weight => First.Contains(Name) ? _bytes / FirstAreSmaller : _bytes;

        public AnswerSize DropOne()
        {
            var size = _sizes[^1];
            _sizes.RemoveAt(_sizes.Count - 1);
            _items.RemoveAt(_items.Count - 1);
            _bytes -= size.Largest;
            Dropped++;
            return size;
        }

        // With the comma, and with the sign before a line and its end.
        private static AnswerSize SizeOfItem(JsonNode? item) =>
            new(Bytes(item?.ToJsonString(McpJsonUtilities.DefaultOptions) ?? "null") + 1, Bytes(PlainText.Line(item)) + 3);
    }
}
