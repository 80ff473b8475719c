using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using LoopOrchestrator.Mcp.Tools.Calls;
using ModelContextProtocol.Protocol;

namespace LoopOrchestrator.Mcp.Resources;

/// <summary>
/// What a resource is read as. A client puts it whole into what its model reads, so each has a limit, and where there is more the text
/// itself says where.
/// </summary>
internal static class ResourceText
{
    public const string Json = "application/json";
    public const string Markdown = "text/markdown";
    public const string Plain = "text/plain";

    /// <summary>The most bytes of a resource, or of one page of it.</summary>
    public const int MaxBytes = 32 * 1024;

    // Beside a list: what is said of the whole.
    private const int MaxBeside = 8 * 1024;

    public static TextResourceContents Of(string uri, string mimeType, string text) =>
        new()
        {
            Uri = uri,
            MimeType = mimeType,
            Text = text,
        };

    /// <summary>A document that has no pages.</summary>
    /// <param name="uri">Its address.</param>
    /// <param name="value">The document.</param>
    /// <param name="type">How it is written.</param>
    /// <param name="rest">Where the whole is, when something had to be left out.</param>
    public static TextResourceContents Whole<T>(string uri, T value, JsonTypeInfo<T> type, string rest)
    {
        var document = JsonSerializer.SerializeToNode(value, type)!.AsObject();
        var before = document.ToJsonString();
        var leftOut = AnswerLimits.Fit(document, MaxBytes);
        if (leftOut is not null || !string.Equals(before, document.ToJsonString(), StringComparison.Ordinal))
        {
            document.Insert(0, "left_out", leftOut is null ? $"Long texts are cut. {rest}" : $"{leftOut}; long texts are cut. {rest}");
        }

        return Of(uri, Json, ReadableAnswer.Write(document));
    }

    /// <summary>
    /// A document with one list that may be long, which is cut into pages: at the same places as long as it stays as it is.
    /// </summary>
    /// <param name="uri">Its address without the page.</param>
    /// <param name="value">The document.</param>
    /// <param name="type">How it is written.</param>
    /// <param name="list">The name of the list.</param>
    /// <param name="page">Which page is asked for, from 1; the first when not given.</param>
    /// <exception cref="MissingResourceException">There is no such page.</exception>
    public static TextResourceContents Page<T>(string uri, T value, JsonTypeInfo<T> type, string list, string? page)
    {
        var document = JsonSerializer.SerializeToNode(value, type)!.AsObject();
        var items = document[list]!.AsArray();
        document.Remove(list);
        var pages = Split(items);
        var number = 1;
        if (
            page is not null
            && (!int.TryParse(page, NumberStyles.None, CultureInfo.InvariantCulture, out number) || number < 1 || number > pages.Count)
        )
        {
            throw new MissingResourceException($"{uri} has {pages.Count} page(s), and page '{page}' is none of them. Ask for 1 first.");
        }

        var answer = new JsonObject();
        if (number < pages.Count)
        {
            answer["next"] = PageOf(uri, number + 1);
        }

        answer["page"] = number;
        answer["pages"] = pages.Count;
        var beside = number == 1 ? AnswerLimits.Fit(document, MaxBeside) : null;
        if (beside is not null)
        {
            answer["left_out"] = beside;
        }

        var others = document.Select(static member => member.Key).ToList();
        foreach (var name in number == 1 ? others : [])
        {
            var member = document[name];
            document.Remove(name);
            answer[name] = member;
        }

        answer[list] = new JsonArray([.. pages[number - 1]]);
        return Of(page is null ? uri : PageOf(uri, number), Json, ReadableAnswer.Write(answer));
    }

    private static string PageOf(string uri, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{uri}{(uri.Contains('?', StringComparison.Ordinal) ? '&' : '?')}page={number}");

    private static List<List<JsonNode?>> Split(JsonArray items)
    {
        var pages = new List<List<JsonNode?>> { new() };
        var size = MaxBeside;
        while (items.Count > 0)
        {
            var item = items[0];
            items.RemoveAt(0);
            if (item is JsonObject members)
            {
                AnswerLimits.Fit(members, MaxBeside);
            }

            var bytes = AnswerLimits.SizeOf(item) + 1;
            if (pages[^1].Count > 0 && size + bytes > MaxBytes)
            {
                pages.Add([]);
                size = 0;
            }

            pages[^1].Add(item);
            size += bytes;
        }

        return pages;
    }
}
