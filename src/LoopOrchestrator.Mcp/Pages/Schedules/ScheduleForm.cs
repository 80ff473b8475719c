using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Scheduling.Editing;
using LoopOrchestrator.Core.Text;
using LoopOrchestrator.Mcp.Pages.Layout;
using LoopOrchestrator.Mcp.Pages.Serving;
using Microsoft.AspNetCore.Http;

namespace LoopOrchestrator.Mcp.Pages.Schedules;

/// <summary>The form in which a schedule is made or changed; it is saved as the tool saves it, with its errors beside the fields.</summary>
internal static class ScheduleForm
{
    private const string Intent = "intent";
    private const string Preview = "preview";
    private const int MaxNext = 10;

    private static readonly (string Value, string Text)[] Overlaps =
    [
        ("wait", "wait for it"),
        ("skip", "leave the moment out"),
        ("interrupt", "cancel what runs"),
    ];

    private static readonly (string Value, string Text)[] Misfires =
    [
        ("once", "make up for all by one run"),
        ("skip", "leave them out"),
        ("all", "make up for each"),
    ];

    private static readonly (string Value, string Text)[] Days =
    [
        ("mon", "Mon"),
        ("tue", "Tue"),
        ("wed", "Wed"),
        ("thu", "Thu"),
        ("fri", "Fri"),
        ("sat", "Sat"),
        ("sun", "Sun"),
    ];

    /// <summary>The form.</summary>
    public static Page Of(PageRequest request, ScheduleValues values) => Of(request, values, new FormState());

    /// <summary>Saves what the form says, or shows what that would be.</summary>
    public static async Task<PageAnswer> SaveAsync(PageForm form)
    {
        var values = ScheduleValues.Of(form);
        var faults = new Dictionary<string, string>(StringComparer.Ordinal);
        var edit = values.Edit(faults);
        if (faults.Count > 0)
        {
            return Refuse(form, values, faults);
        }

        var schedules = form.Request.Workspace.Schedules;
        try
        {
            if (form.Text(Intent) == Preview)
            {
                var preview = await schedules.PreviewAsync(edit, MaxNext, form.Request.Aborted);
                return PageAnswer.Show(Of(form.Request, values, new FormState { Preview = preview }));
            }

            var saved = await schedules.SaveAsync(edit, form.RequestId, form.Request.Aborted);
            return PageAnswer.GoTo(
                PageUrl.To(SchedulePages.Show, ("id", saved.Id), ("done", saved.Changed.Count > 0 || saved.Created ? "saved" : "same")),
                SchedulePages.IdField,
                saved.Id
            );
        }
        catch (ScheduleRefusedException exception)
        {
            return Refuse(form, values, ScheduleFaults.Of(exception.Reasons));
        }
        catch (UserErrorException exception)
        {
            faults[ScheduleFaults.OfAll] = exception.Message;
            return Refuse(form, values, faults);
        }
    }

    private static PageAnswer Refuse(PageForm form, ScheduleValues values, Dictionary<string, string> faults) =>
        PageAnswer.Show(
            Of(form.Request, values, new FormState { Faults = faults }) with
            {
                Status = StatusCodes.Status422UnprocessableEntity,
            }
        );

    private static Page Of(PageRequest request, ScheduleValues values, FormState state)
    {
        var fields = new FieldWriter(values, state.Faults);
        var modes = request.Workspace.Modes.Catalog.All.Select(static mode =>
            Html.Of($"""<option value="{mode.Slug}">{mode.Name}</option>""")
        );
        var back = values.Id is null ? PageUrl.To(SchedulePages.Root) : PageUrl.To(SchedulePages.Show, ("id", values.Id));
        var body = Html.Of(
            $"""
            <div class="columns"><section class="panel" aria-label="Schedule"><div class="body">
            {Html.If(
                state.Faults.Count > 0,
                $"""<p class="notice bad" role="alert">Nothing was saved. {(state.Faults.TryGetValue(
                    ScheduleFaults.OfAll,
                    out var all
                ) ? PageWords.Of(Sentence.Begin(all)) : Html.Of($"The fields say why."))}</p>"""
            )}
            <form class="fields" method="post" action="{PageUrl.To(SchedulePages.Save)}">{request.TokenField}{PageRequest.OnceField}
            <input type="hidden" name="{SchedulePages.IdField}" value="{values.Id}">{fields.Was()}
            {fields.Text("name", "Name", "What people call it.", "required maxlength=\"200\"", isWide: true)}
            {fields.Area("task", "Task", "What is to be done, as an agent is told.")}
            {fields.Text("interval", "Every", "Such as 10 minutes, 1 hour, 2 days.")}
            {fields.Text("cron", "Or by cron", "Five fields, instead of an interval: 0 3 * * 1-5", isMono: true)}
            {fields.Text("mode", "Mode", "Its slug.", "list=\"modes\" maxlength=\"99\"", isMono: true)}
            <datalist id="modes">{modes}</datalist>
            {fields.Text("timeZone", "Time zone", "Such as Europe/Berlin; the server's where nothing stands.")}
            {fields.Boxes("days", "Days", "None means every day.", Days)}
            {fields.Text("start", "Start", "YYYY-MM-DD, HH:mm or both.", isMono: true)}
            {fields.Text("expires", "Until", "YYYY-MM-DD, with HH:mm behind it or not.", isMono: true)}
            {fields.Choice("overlap", "Due while its work goes on", Overlaps)}
            {fields.Choice("misfire", "Due while nothing could fire", Misfires)}
            {fields.Text("maxLateness", "Latest", "How late one may still be made up for: minutes, h:mm:ss or PT2H.", isMono: true)}
            {fields.Text("jitter", "Put off by up to", "The same each time: minutes, h:mm:ss or PT5M.", isMono: true)}
            {fields.Text("timeoutSeconds", "Time limit of a run", "Seconds, 1 to 86400.", "inputmode=\"numeric\"", isMono: true)}
            {fields.Boxes("active", "Fires by itself", "", [("yes", "active")])}
            <div class="wide actions"><button class="primary" name="{Intent}" value="save">Save</button>
            <button name="{Intent}" value="{Preview}">Show when it would be due</button>
            <a class="button" href="{back}">Leave it</a></div>
            </form></div></section>
            <div class="stack">{Html.If(state.Preview is not null, $"{PreviewOf(request, state.Preview)}")}</div></div>
            """
        );
        return new Page(values.Id is null ? "New schedule" : $"Edit {values["name"]}", body) { Of = SchedulePages.Root };
    }

    private static Html PreviewOf(PageRequest request, SchedulePreview? preview) =>
        preview is null
            ? Html.None
            : Html.Of(
                $"""
                <section class="panel" aria-labelledby="preview-title"><header><h2 id="preview-title">It would be due</h2>
                <span class="soft small">not saved yet, {(preview.Schedule?.TimeZone ?? request.Zone).Id}</span></header>
                {Html.If(preview.Next.Count == 0, $"""<p class="empty">Never by itself.</p>""")}
                <ol class="plain rows">{preview.Next.Select(moment =>
                    Html.Of($"""<li>{Moments.At(moment, request.Now, preview.Schedule?.TimeZone ?? request.Zone)}</li>""")
                )}</ol>
                {Html.If(preview.Changed.Count > 0, $"""<p class="empty">Would change: {string.Join(", ", preview.Changed)}.</p>""")}
                </section>
                """
            );

    private sealed record FormState
    {
        public Dictionary<string, string> Faults { get; init; } = new(StringComparer.Ordinal);

        public SchedulePreview? Preview { get; init; }
    }
}
