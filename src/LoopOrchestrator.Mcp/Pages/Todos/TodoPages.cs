using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Todo;
using LoopOrchestrator.Mcp.Pages.Layout;
using LoopOrchestrator.Mcp.Pages.Serving;
using Microsoft.AspNetCore.Routing;

namespace LoopOrchestrator.Mcp.Pages.Todos;

/// <summary>The plan: read, searched, ticked, added to.</summary>
internal static class TodoPages
{
    public const string Path = "/todo";

    /// <summary>Where an item is added.</summary>
    public const string Add = "/todo/add";

    /// <summary>Where an item's box is ticked, and its tick taken away.</summary>
    public const string Tick = "/todo/tick";

    private const int MaxShown = 500;

    private static readonly Dictionary<string, string> Texts = new(StringComparer.Ordinal)
    {
        ["added"] = "It is in the plan.",
        ["ticked"] = "Ticked.",
        ["open"] = "Open again.",
    };

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPage(Path, request => Task.FromResult(Show(request, fault: null, form: null)));
        endpoints.MapAction(Add, "update_todo", AddAsync);
        endpoints.MapAction(Tick, "update_todo", TickAsync);
    }

    private static Page Show(PageRequest request, string? fault, PageForm? form)
    {
        var (query, isAll) = (request.Query("q"), request.Query("all") == "1");
        var reading = TodoReader.Read(
            request.Workspace.Paths,
            new TodoFilter
            {
                IncludeCompleted = isAll,
                Query = query,
                Limit = MaxShown,
            }
        );
        var body = Html.Of(
            $"""
            <div class="stack">
            {Notices.Done(request.Query("done"), Texts)}
            <form class="filter" method="get" action="{PageUrl.To(Path)}" role="search">
            {Field.Of("q", "Search the plan", Field.Search("q", query))}
            <div class="field"><label><input type="checkbox" name="all" value="1"{Html.If(isAll, $" checked")}>
            with what is done</label></div>
            <div class="actions"><button class="primary">Show</button>
            {Html.If(query is not null || isAll, $"""<a href="{PageUrl.To(Path)}">Open ones</a>""")}</div></form>
            <div class="columns"><div class="stack">
            {Html.If(reading.Items.Count == 0, $"{Panel.Of("none", "Plan", Panel.Rows([], Nothing(query, isAll)))}")}
            {reading
                .Items.GroupBy(static item => item.Section, StringComparer.Ordinal)
                .Select((section, index) => Section(request, index, [.. section]))}
            {Html.If(
                reading.Matching > reading.Items.Count,
                $"<p>{reading.Matching - reading.Items.Count} more: search for some of them.</p>"
            )}
            </div><div class="stack">
            {Done(reading.Statistics)}
            {Html.If(request.May("update_todo"), $"{Panel.Of("add", "Add an item", Panel.Body(AddForm(request, fault, form)))}")}
            </div></div></div>
            """
        );
        return new Page("TODO", body) { Of = Path, Status = fault is null ? 200 : 422 };
    }

    private static string Nothing(string? query, bool isAll) =>
        query is not null ? "No item has these words."
        : isAll ? "The plan is empty."
        : "Nothing is open.";

    private static Html Done(TodoStatistics statistics) =>
        Panel.Of(
            "done",
            "Done",
            Panel.Body(
                Html.Of(
                    $"""
                    <label for="part">{statistics.Completed} of {statistics.Total}</label>
                    <progress id="part" max="{Math.Max(1, statistics.Total)}" value="{statistics.Completed}"></progress>
                    """
                )
            )
        );

    private static Html Section(PageRequest request, int index, List<TodoItem> items) =>
        Panel.Of(
            $"section-{index}",
            items[0].Section.Length == 0 ? "Above the first heading" : items[0].Section,
            Panel.Rows([.. items.Select(item => Row(request, item))], empty: ""),
            $"{items.Count}"
        );

    private static Html Row(PageRequest request, TodoItem item)
    {
        var tick = new PageButton(item.IsCompleted ? "Open again" : "Tick", "update_todo") { About = item.Title };
        var button = request.Button(tick, PageUrl.To(Tick), ("id", item.Id), ("action", item.IsCompleted ? "uncheck" : "check"));
        return Html.Of(
            $"""
            <div class="depth-{Math.Min(4, item.Depth)}"><div class="row-head">
            {Badge.Of(item.IsCompleted ? "ok" : "idle", item.IsCompleted ? "done" : "open")}<strong>{item.Title}</strong>
            <span class="end">{button}</span></div>
            {Html.If(item.Detail.Length > 0, $"<p>{item.Detail}</p>")}
            {Html.If(item.Notes.Count > 0, $"""<ul class="plain small soft">{item.Notes.Select(Note)}</ul>""")}</div>
            """
        );
    }

    private static Html Note(TodoNote note) =>
        Html.Of($"<li>{Html.If(note.Key is not null, $"<strong>{note.Key}:</strong> ")}{note.Text}</li>");

    private static Html AddForm(PageRequest request, string? fault, PageForm? form)
    {
        Html Line(string name, int most, Html more) =>
            Html.Of($"""<input id="{name}" name="{name}" maxlength="{most}" value="{form?.Find(name)}"{more}>""");

        var text = Line("text", TodoStore.MaxTextLength, Html.Of($" required{Field.Invalid("text", fault)}"));
        return Html.Of(
            $"""
            <form class="fields" method="post" action="{PageUrl.To(Add)}">{request.TokenField}
            {Field.Of("text", "What is to be done", text, isWide: true, fault: fault)}
            {Field.Of(
                "section",
                "Section",
                Line("section", 200, Html.None),
                hint: $"a heading of the plan; {TodoStore.DefaultSection} without one"
            )}
            {Field.Of("acceptance", "How one sees that it is done", Line("acceptance", TodoStore.MaxTextLength, Html.None))}
            <div class="actions wide"><button class="primary">Add</button></div></form>
            """
        );
    }

    private static async Task<PageAnswer> AddAsync(PageForm form)
    {
        try
        {
            if (string.IsNullOrWhiteSpace(form.Find("text")))
            {
                throw new UserErrorException("Say what is to be done.");
            }

            await form.Request.Workspace.Todo.AddAsync(
                [new NewTodo(form.Text("text"), Some(form.Find("section")), Some(form.Find("acceptance")))],
                form.Request.Aborted
            );
            return PageAnswer.GoTo(PageUrl.To(Path, ("done", "added")));
        }
        catch (UserErrorException exception)
        {
            return PageAnswer.Show(Show(form.Request, exception.Message, form));
        }
    }

    private static async Task<PageAnswer> TickAsync(PageForm form)
    {
        var isCheck = form.Text("action") == "check";
        await form.Request.Workspace.Todo.TickAsync(form.Text("id"), isCheck, form.Request.Aborted);
        return PageAnswer.GoTo(PageUrl.To(Path, ("all", isCheck ? null : "1"), ("done", isCheck ? "ticked" : "open")));
    }

    private static string? Some(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
