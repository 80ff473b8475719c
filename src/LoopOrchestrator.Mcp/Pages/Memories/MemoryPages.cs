using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Memory;
using LoopOrchestrator.Mcp.Pages.Layout;
using LoopOrchestrator.Mcp.Pages.Serving;
using LoopOrchestrator.Mcp.Tools.Memory;
using Microsoft.AspNetCore.Routing;

namespace LoopOrchestrator.Mcp.Pages.Memories;

/// <summary>The memory: read, searched with its archive, added to.</summary>
internal static class MemoryPages
{
    public const string Path = "/memory";

    /// <summary>Where an entry is added.</summary>
    public const string Add = "/memory/add";

    private const int MaxHits = 50;
    private const int MaxShown = 200;

    private static readonly Dictionary<string, string> Texts = new(StringComparer.Ordinal)
    {
        ["added"] = "It is in the memory.",
        ["again"] = "The memory has it already; it was counted once more.",
    };

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPage(Path, request => ShowAsync(request, fault: null, form: null));
        endpoints.MapAction(Add, "append_memory", AddAsync);
    }

    private static async Task<Page> ShowAsync(PageRequest request, string? fault, PageForm? form)
    {
        var query = request.Query("q");
        var reading = await request.Workspace.Memory.ReadAsync(cancellationToken: request.Aborted);
        var body = Html.Of(
            $"""
            <div class="stack">
            {Notices.Done(request.Query("done"), Texts)}
            <form class="filter" method="get" action="{PageUrl.To(Path)}" role="search">
            {Field.Of("q", "Search memory and archive", Field.Search("q", query))}
            <div class="actions"><button class="primary">Search</button>
            {Html.If(query is not null, $"""<a href="{PageUrl.To(Path)}">All</a>""")}</div></form>
            <div class="columns"><div class="stack">
            {Html.If(query is not null, $"{Hits(request, query ?? "")}")}
            {Html.If(query is null, $"{reading.Sections.Select(section => Section(request, section))}")}
            </div><div class="stack">
            {Room(reading)}
            {Html.If(request.May("append_memory"), $"{Panel.Of("add", "Add a finding", Panel.Body(AddForm(request, fault, form)))}")}
            </div></div></div>
            """
        );
        return new Page("Memory", body) { Of = Path, Status = fault is null ? 200 : 422 };
    }

    private static Html Room(MemoryReading reading) =>
        Panel.Of(
            "room",
            "Room",
            Panel.Body(
                Html.Of(
                    $"""
                    <label for="fill">{reading.Lines} of {reading.MaxLines} lines</label>
                    <progress id="fill" max="{Math.Max(1, reading.MaxLines)}" value="{reading.Lines}"></progress>
                    <p class="small soft">Older entries that are not pinned move whole into the archive, which is searched too.</p>
                    """
                )
            )
        );

    private static Html Section(PageRequest request, MemorySectionReading section) =>
        Panel.Of(
            MemoryTools.Name(section.Section),
            section.Title,
            Panel.Rows([.. section.Entries.Reverse().Take(MaxShown).Select(entry => Entry(request, entry))], "Nothing yet."),
            section.Entries.Count > MaxShown ? $"the latest {MaxShown} of {section.Entries.Count}" : $"{section.Entries.Count}"
        );

    private static Html Entry(PageRequest request, MemoryEntry entry) =>
        Html.Of(
            $"""
            <p class="lines">{entry.Text}</p>
            {About(request, entry.Timestamp, [entry.Category, entry.Mode, Seen(entry.Seen), entry.Pinned ? "pinned" : null])}
            """
        );

    private static Html Hits(PageRequest request, string query)
    {
        try
        {
            var result = request.Workspace.MemorySearch.Find(new MemoryQuery(query) { Limit = MaxHits });
            return Panel.Of(
                "hits",
                "Found",
                Panel.Rows([.. result.Hits.Select(hit => Hit(request, hit))], "No entry has all of these words."),
                $"{result.Hits.Count} of {result.Matching}"
            );
        }
        catch (UserErrorException exception)
        {
            return Html.Of($"""<p class="notice bad" role="alert">{exception.Message}</p>""");
        }
    }

    private static Html Hit(PageRequest request, MemoryHit hit) =>
        Html.Of(
            $"""
            <p class="lines">{hit.Snippet}</p>
            {About(request, hit.Timestamp, [hit.Category, hit.Mode, Seen(hit.Seen), hit.Archived ? "in the archive" : null])}
            """
        );

    private static Html About(PageRequest request, DateTimeOffset? moment, string?[] facts) =>
        Html.Of(
            $"""
            <div class="facts">{(moment is { } at ? Moments.Relative(at, request.Now, request.Zone) : Html.None)}{facts
                .Where(static fact => !string.IsNullOrEmpty(fact))
                .Select(static fact => Html.Of($"<span>{fact}</span>"))}</div>
            """
        );

    private static string? Seen(int count) => count > 1 ? $"{count} times" : null;

    private static Html AddForm(PageRequest request, string? fault, PageForm? form)
    {
        var sections = MemoryTools.SectionNames.Select(static name => new FieldOption(name, name));
        var content = Html.Of(
            $"""
            <textarea id="content" name="content" required maxlength="8192"{Field.Invalid("content", fault)}>{form?.Find(
                "content"
            )}</textarea>
            """
        );
        var category = Html.Of($"""<input id="category" name="category" maxlength="100" value="{form?.Find("category")}">""");
        return Html.Of(
            $"""
            <form class="fields" method="post" action="{PageUrl.To(Add)}">{request.TokenField}{PageRequest.OnceField}
            {Field.Of("section", "Section", Field.Select("section", "section", form?.Find("section"), sections), isWide: true)}
            {Field.Of("content", "What was found", content, isWide: true, fault: fault)}
            {Field.Of("category", "Category", category, hint: "a word; note without one")}
            <div class="field wide"><label><input type="checkbox" name="pinned" value="1"{Html.If(
                form?.Find("pinned") == "1",
                $" checked"
            )}>
            Keep it out of the archive for ever</label></div>
            <div class="actions wide"><button class="primary">Add</button></div></form>
            """
        );
    }

    private static async Task<PageAnswer> AddAsync(PageForm form)
    {
        try
        {
            var section = MemoryTools.Find(form.Find("section")) ?? throw new UserErrorException("Choose one of the sections.");
            var result = await form.Request.Workspace.Memory.AppendAsync(
                new MemoryAppend(section, form.Text("content"), Some(form.Find("category")), Mode: null, form.Find("pinned") == "1"),
                form.Request.Workspace.Requests,
                form.RequestId,
                form.Request.Aborted
            );
            return PageAnswer.GoTo(PageUrl.To(Path, ("done", result.IsDuplicate ? "again" : "added")));
        }
        catch (UserErrorException exception)
        {
            return PageAnswer.Show(await ShowAsync(form.Request, exception.Message, form));
        }
    }

    private static string? Some(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
