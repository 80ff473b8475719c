using System.Text.Json.Nodes;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Scheduling.Definition;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Mcp.Pages.Layout;
using LoopOrchestrator.Mcp.Pages.Schedules;

namespace LoopOrchestrator.Mcp.Tests.Pages;

public sealed class SchedulePagesTests : IAsyncDisposable
{
    private readonly PageServer _server = new();
    private PageVisitorHere? _visitor;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private PageVisitorHere Visitor => _visitor ??= new PageVisitorHere(_server.Address);

    public async ValueTask DisposeAsync()
    {
        _visitor?.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Schedules_OfAFile_AreShownWithTheirReasonAndTheirMoments()
    {
        await StartAsync();

        var list = (await Visitor.GetAsync("/schedules")).Html;
        var one = (await Visitor.GetAsync("/schedules/show?id=nightly")).Html;

        list.Should().Contain("Nightly").And.Contain("every 6 hours").And.Contain("on time").And.Contain("next ");
        one.Should().Contain("Why not now: is not due before 2090-01-01T00:00:00Z").And.Contain("Do it.");
        one.Split("<time").Length.Should().BeGreaterThan(20, "ten moments, each with how far away it is");
        (await Visitor.GetAsync("/schedules/show?id=other")).Status.Should().Be(404);
    }

    [Fact]
    public async Task Schedule_ThatAnEscalationStopped_OffersTheWayOnAndNothingThatIsRefused()
    {
        _server.Files.Write("mcp_startup.json", """{ "limits": { "maxAttempts": 1, "failuresToEscalate": 1 } }""");
        await StartAsync();
        var runs = _server.Workspace.Runs;
        var run = await _server.Workspace.Schedules.TriggerAsync("nightly", cancellationToken: Token);
        var taken = (await runs.ClaimAsync(run.Id, mode: null, Token))!;
        var report = new RunReport(RunState.Failed, "It broke.", [], [], []);
        await runs.CompleteAsync(run.Id, report, leaseToken: taken.LeaseToken, cancellationToken: Token);

        foreach (var path in (string[])["/schedules", "/schedules/show?id=nightly"])
        {
            var page = (await Visitor.GetAsync(path)).Html;
            page.Should()
                .Contain("class=\"button primary\" href=\"/#needs\">Resolve…", path)
                .And.Contain("see <a href=\"/\">Now</a>, and go on with <a href=\"/#needs\">Resolve</a>.", path)
                .And.NotContain("resolve_escalation", path)
                .And.NotContain(">Resume<", path)
                .And.NotContain(">Run now<", path);
        }

        var escalation = (await _server.Workspace.Escalations.ListAsync(all: false, limit: 1, Token)).Single();
        await _server.Workspace.Escalations.ResolveAsync(escalation.Id, "mended", Token);
        (await Visitor.GetAsync("/schedules")).Html.Should().Contain(">Run now<").And.NotContain("Resolve…");
    }

    [Fact]
    public async Task Schedules_WithTextsThatWouldDoSomething_ShowThem()
    {
        foreach (
            var payload in Payloads.All.Where(static payload =>
                payload.Length < 200 && !payload.Contains('\uD83D', StringComparison.Ordinal)
            )
        )
        {
            await using var server = new PageServer();
            var entry = Entry("x");
            (entry["id"], entry["name"], entry["taskInstructions"], entry["mode"]) = (payload, payload, payload, payload);
            server.Files.Write("schedules.json", new JsonObject { ["schedules"] = new JsonArray(entry) }.ToJsonString());
            await server.StartAsync();
            using var visitor = new PageVisitorHere(server.Address);
            var id = Uri.EscapeDataString(payload);

            foreach (
                var path in (string[])["/schedules", $"/schedules/show?id={id}", $"/schedules/edit?id={id}", $"/schedules/delete?id={id}"]
            )
            {
                var page = (await visitor.GetAsync(path)).Html;
                Assert.All(Payloads.Never, never => Assert.DoesNotContain(never, page, StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public async Task Schedule_WithMoreMomentsThanAreListed_CountsThemAll()
    {
        await StartAsync();
        var ledger = (IOccurrenceLedger)_server.Workspace.Schedules.Ledger;
        var now = _server.Workspace.Time.GetUtcNow();
        var moments = Enumerable
            .Range(0, 400)
            .Select(index =>
            {
                var at = now.AddMinutes(index - 500);
                return new DueSegment(at, at, 1, index % 2 == 0 ? OccurrenceOutcome.Skipped : OccurrenceOutcome.Missed, $"reason {index}.");
            })
            .ToList();
        (await ledger.EnterAsync(new FireRequest("nightly", now, moments, TaskInteraction.Wait, KeepsEach: false, Plan: null), Token))
            .Should()
            .NotBeNull();

        var page = (await Visitor.GetAsync("/schedules/show?id=nightly")).Html;

        page.Should().Contain("14 day(s): 200 skipped, 200 missed.").And.Contain("plot-legend").And.Contain("days of UTC");
        page.Should().Contain("the latest 20").And.Contain("reason 399.").And.Contain("reason 380.").And.NotContain("reason 379.");
    }

    [Fact]
    public async Task Schedule_WithRunsThatEnded_ShowsHowLongTheyTook()
    {
        await StartAsync();
        for (var number = 0; number < 2; number++)
        {
            var run = await _server.Workspace.Schedules.TriggerAsync("nightly", Token);
            var taken = (await _server.Workspace.Runs.ClaimAsync(run.Id, mode: null, Token))!;
            await _server.Workspace.Runs.CompleteAsync(
                taken.Id,
                new RunReport(RunState.Succeeded, "done", [], [], []),
                leaseToken: taken.LeaseToken,
                cancellationToken: Token
            );
        }

        (await Visitor.GetAsync("/schedules/show?id=nightly"))
            .Html.Should()
            .Contain("How long its last runs took")
            .And.Contain("its last 2 runs")
            .And.Contain("by hand");
    }

    [Fact]
    public async Task Pages_WithMoments_NameTheirZone()
    {
        await StartAsync();

        (await Visitor.GetAsync("/schedules")).Html.Should().Contain("<span>Times are ");
    }

    [Fact]
    public void ZoneOf_EachZone_IsNamedWithItsDistance()
    {
        var summer = new DateTimeOffset(2026, 7, 1, 0, 0, 0, TimeSpan.Zero);
        Moments.ZoneOf(TimeZoneInfo.Utc, summer).Should().Be("Times are UTC");
        Moments.ZoneOf(TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), summer).Should().Be("Times are of Europe/Berlin (UTC+02:00)");
        Moments
            .ZoneOf(TimeZoneInfo.FindSystemTimeZoneById("America/Caracas"), summer)
            .Should()
            .Be("Times are of America/Caracas (UTC-04:00)");
    }

    [Fact]
    public async Task Trigger_ByADoubleClick_IsDoneOnceAndSaysSo()
    {
        await StartAsync();

        var (first, second) = await Visitor.PostTwiceAsync("/schedules", "/schedules/trigger");

        (first.Status, second.Status).Should().Be((303, 303));
        (await _server.Workspace.Runs.ListAsync(new RunFilter(), Token)).Should().ContainSingle();
    }

    [Fact]
    public async Task Save_OfANewOneByADoubleClick_MakesOne()
    {
        await StartAsync();

        var (first, second) = await Visitor.PostTwiceAsync(
            "/schedules/new",
            "/schedules/save",
            ("name", "Made here"),
            ("task", "Do it."),
            ("mode", "code"),
            ("interval", "10 hours"),
            ("start", "2090-01-01"),
            ("active", "yes"),
            ("overlap", "wait"),
            ("misfire", "once")
        );

        first.Status.Should().Be(303);
        second.Header("Location").Should().Be(first.Header("Location"));
        _server.Workspace.Schedules.Source.Schedules.Should().HaveCount(2);
    }

    [Fact]
    public async Task Save_AsTheFormWasFilled_ChangesWhatWasChangedAndLeavesTheRest()
    {
        await StartAsync();
        var form = await FormAsync("/schedules/edit?id=nightly");
        form["name"] = "Every night";

        // Somebody else changes another field meanwhile.
        await _server.Workspace.Schedules.SaveAsync(new() { Id = "nightly", Task = "Do that." }, Token);
        var saved = await Visitor.PostAsync("/schedules", "/schedules/save", [.. form.Select(static one => (one.Key, one.Value))]);

        saved.Status.Should().Be(303);
        var schedule = _server.Workspace.Schedules.Source.Get("nightly");
        (schedule.Name, schedule.TaskInstructions, schedule.Interval.ToString()).Should().Be(("Every night", "Do that.", "every 6 hours"));
    }

    [Fact]
    public async Task Save_NothingChanged_WritesNothing()
    {
        await StartAsync();
        var before = _server.Files.Read("schedules.json");
        var form = await FormAsync("/schedules/edit?id=nightly");

        var saved = await Visitor.PostAsync("/schedules", "/schedules/save", [.. form.Select(static one => (one.Key, one.Value))]);

        saved.Header("Location").Should().EndWith("done=same");
        _server.Files.Read("schedules.json").Should().Be(before);
    }

    [Fact]
    public async Task Save_WrongFields_SaysWhyBesideEachAndKeepsWhatWasWritten()
    {
        await StartAsync();
        (string, string)[] form =
        [
            ("name", "New one"),
            ("task", "Do <it>."),
            ("interval", "ten minutes"),
            ("mode", "nonesuch"),
            ("timeZone", "Europe/Nowhere"),
            ("start", "tomorrow"),
            ("expires", "never"),
            ("misfire", "often"),
            ("jitter", "a bit"),
            ("timeoutSeconds", "long"),
            ("active", "yes"),
        ];

        var bad = await Visitor.PostAsync("/schedules", "/schedules/save", form);
        bad.Status.Should().Be(422);
        bad.Html.Should().Contain("id=\"timeoutSeconds-error\"").And.Contain("Do &lt;it&gt;.");

        var worse = await Visitor.PostAsync("/schedules", "/schedules/save", [.. form.Where(static one => one.Item1 != "timeoutSeconds")]);
        worse.Status.Should().Be(422);
        foreach (var field in (string[])["interval", "mode", "timeZone", "start", "expires", "misfire", "jitter"])
        {
            worse.Html.Should().Contain($"id=\"{field}-error\"");
        }

        worse.Html.Should().Contain("value=\"New one\"");
        _server.Workspace.Schedules.Source.Schedules.Should().ContainSingle();
    }

    [Fact]
    public async Task Preview_OfANewOne_TellsItsMomentsAndSavesNothing()
    {
        await StartAsync();
        var shown = await Visitor.PostAsync(
            "/schedules",
            "/schedules/save",
            ("name", "New one"),
            ("task", "Do it."),
            ("cron", "0 3 * * 1"),
            ("mode", "code"),
            ("active", "yes"),
            ("intent", "preview")
        );

        shown.Status.Should().Be(200);
        shown.Html.Should().Contain("It would be due").And.Contain("Mon ").And.Contain("03:00");
        _server.Workspace.Schedules.Source.Schedules.Should().ContainSingle();
    }

    [Fact]
    public async Task Delete_AfterItsQuestion_RemovesIt()
    {
        await StartAsync();

        (await Visitor.GetAsync("/schedules/delete?id=nightly")).Html.Should().Contain("Delete Nightly?").And.Contain("Keep it");
        (await Visitor.PostAsync("/schedules", "/schedules/delete", ("schedule_id", "nightly"))).Status.Should().Be(303);

        (await Visitor.GetAsync("/schedules")).Html.Should().NotContain("Nightly");
    }

    [Theory]
    [InlineData("interval is \"x\"; write a number", "interval")]
    [InlineData("there is no mode \"x\"", "mode")]
    [InlineData("days has \"x\"; days are sun mon", "days")]
    [InlineData("a new schedule needs name, task, interval or cron", "name,task,interval")]
    [InlineData("something that nobody has thought of", "")]
    public void Faults_OfAReason_StandBesideTheField(string reason, string fields) =>
        ScheduleFaults.Of([reason]).Keys.Should().BeEquivalentTo(fields.Split(','));

    private static JsonObject Entry(string id) =>
        new()
        {
            ["id"] = id,
            ["name"] = "Nightly",
            ["mode"] = "code",
            ["taskInstructions"] = "Do it.",
            ["scheduleType"] = "time",
            ["timeInterval"] = "6",
            ["timeUnit"] = "hour",
            ["startDate"] = "2090-01-01",
            ["timeZone"] = "UTC",
            ["active"] = true,
        };

    private async Task StartAsync()
    {
        _server.Files.Write("schedules.json", new JsonObject { ["schedules"] = new JsonArray(Entry("nightly")) }.ToJsonString());
        await _server.StartAsync();
    }

    // What a browser would send of a form as it was opened.
    private async Task<Dictionary<string, string>> FormAsync(string path)
    {
        var schedule = _server.Workspace.Schedules.Source.Schedules.Single();
        (await Visitor.GetAsync(path)).Status.Should().Be(200);
        var values = ScheduleValues.Of(schedule, _server.Workspace.Time.LocalTimeZone);
        var form = new Dictionary<string, string>(StringComparer.Ordinal) { ["schedule_id"] = schedule.Id };
        foreach (var (name, value) in values.Texts)
        {
            form[name] = value;
            form[ScheduleValues.WasPrefix + name] = value;
        }

        return form;
    }
}
