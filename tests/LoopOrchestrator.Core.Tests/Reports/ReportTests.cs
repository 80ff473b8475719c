using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using LoopOrchestrator.Core.Plots;
using LoopOrchestrator.Core.Reports;
using LoopOrchestrator.Core.Reports.Writing;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Tests.Plots;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Reports;

public sealed partial class ReportTests
{
    private static readonly string Folder = RepositoryFiles.Find("tests/LoopOrchestrator.Core.Tests/Reports/Snapshots");

    [Fact]
    public void Report_InEachForm_IsThatOfItsSnapshot()
    {
        var report = ReportSample.Of("garden", missing: 2);
        var expected = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["report.html"] = ReportHtml.Write(report),
            ["report.md"] = ReportMarkdown.Write(report),
        };
        if (Snapshots.Renew)
        {
            Snapshots.Write(Folder, expected);
        }

        Snapshots.Differences(Folder, expected).Should().BeEmpty(Snapshots.HowToRenew);
    }

    [Fact]
    public void Html_OfAReport_NeedsNothingElseAndItsPolicyLetsItsStyleIn()
    {
        var html = ReportHtml.Write(ReportSample.Of("garden"));
        var style = html[(html.IndexOf("<style>", StringComparison.Ordinal) + 7)..html.IndexOf("</style>", StringComparison.Ordinal)];

        html.Should().Contain($"style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)))}'");
        Outside().IsMatch(html.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal)).Should().BeFalse();
        Ids().Matches(html).Select(static match => match.Groups[1].Value).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void Html_OfHostileTexts_HasTheSameElementsAsThatOfPlainOnes()
    {
        var plain = Elements(ReportHtml.Write(ReportSample.Of("garden")));
        plain.Should().HaveCountGreaterThan(100);
        foreach (var payload in PlotSamples.Payloads.Where(static payload => payload.Trim().Length > 0))
        {
            Elements(ReportHtml.Write(ReportSample.Of(payload))).Should().Equal(plain, payload);
        }
    }

    [Fact]
    public void Markdown_OfHostileTexts_HasTheSameLinesAndCellsAsThatOfPlainOnes()
    {
        var plain = Shape(ReportMarkdown.Write(ReportSample.Of("garden")));
        foreach (
            var payload in PlotSamples
                .Payloads.Append("| a | b |\n\n# c\n[d](javascript:e) ![f](g) `h` *i* __j__")
                .Where(static payload => payload.Trim().Length > 0)
        )
        {
            var text = ReportMarkdown.Write(ReportSample.Of(payload));
            Shape(text).Should().Equal(plain, payload);
            UnescapedMarkup().IsMatch(text).Should().BeFalse(payload);
        }
    }

    [Fact]
    public void Runs_SummedUp_CountStatesEvidenceAndWhatCanBeACost()
    {
        var sums = ReportSample.Of("garden").Runs;

        sums.Count.Should().Be(7);
        sums.ByState.Should()
            .BeEquivalentTo(
                new Dictionary<RunState, long>
                {
                    [RunState.Succeeded] = 3,
                    [RunState.TimedOut] = 1,
                    [RunState.Cancelled] = 1,
                    [RunState.Failed] = 1,
                    [RunState.Queued] = 1,
                }
            );
        sums.WithoutEvidence.Should().Be(2, "what is known from files alone is evidence of nothing");
        sums.CostUsd.Should().Be(1.75m, "what is no number is no cost");
        sums.Priced.Should().Be(4);
        sums.CostByDay.Should()
            .Equal(new ReportDayCost(new DateOnly(2026, 3, 1), 1.25m), new ReportDayCost(new DateOnly(2026, 3, 2), 0.5m));
        sums.Slowest.Select(static step => step.RunId).Should().Equal("run-c", "run-a", "run-b-none", "run-f", "run-e", "run-d");
        sums.Modes.Should().Equal(new ReportMode("code", 6, 2, 2, 0.5m), new ReportMode("garden", 1, 1, 0, 1.25m));
    }

    [Fact]
    public void Slowest_OfManyRuns_AreTheTenLongest()
    {
        var tally = new RunTally();
        for (var number = 0; number < 1000; number++)
        {
            var run = ReportSample.Runs("a")[1];
            tally.Add(
                run with
                {
                    Id = $"run-{number}",
                    EndedAt = run.StartedAt!.Value.AddSeconds(number * 7 % 1000),
                },
                hasNoEvidence: false
            );
        }

        tally.Sum().Slowest.Select(static step => step.Seconds).Should().Equal(999, 998, 997, 996, 995, 994, 993, 992, 991, 990);
    }

    [Fact]
    public void Cycles_SummedUp_HaveTheLastPassOfTheirGates()
    {
        var sums = ReportSample.Of("garden").Cycles;

        sums.Should()
            .BeEquivalentTo(
                new
                {
                    Count = 1,
                    Reworks = 1,
                    GatesPassed = 1,
                    GatesFailed = 0,
                    Files = 2,
                    Added = 10,
                    Removed = 3,
                    Commits = 1,
                }
            );
        sums.Latest.Should().ContainSingle().Which.Evidence.Should().StartWith("1 of 1 gate(s) passed, 2 file(s)");
    }

    [Fact]
    public void Ledger_SummedUp_IsCompleteWhereEachMomentIsEntered()
    {
        var ledger = ReportSample.Of("garden").Ledger;

        ledger
            .Total.Should()
            .Be(
                new ReportDue("")
                {
                    Fired = 1,
                    Failed = 1,
                    Missed = 4,
                    Waiting = 1,
                }
            );
        ledger.Total.Due.Should().Be(7);
        ledger.Total.WithOutcome.Should().Be(6);
        ledger.Total.IsComplete.Should().BeTrue();
        ledger.Schedules.Should().ContainSingle();
        ReportSample.Of("garden", missing: 2).Ledger.Should().Match<ReportLedger>(one => !one.Total.IsComplete && one.Total.Due == 9);
    }

    [Fact]
    public void Days_OfAPeriod_AreAllThereAndHaveTheirSlots()
    {
        var days = ReportSample.Of("garden").Days;

        days.Select(static day => day.Day).Should().Equal(new DateOnly(2026, 3, 1), new DateOnly(2026, 3, 2));
        days[0].Slots.Should().Equal(new Slot(new TimeOnly(0, 0), SlotState.Fired), new Slot(new TimeOnly(1, 0), SlotState.Failed));
        days[1].Slots.Should().Equal(new Slot(new TimeOnly(2, 0), SlotState.Missed, 4), new Slot(new TimeOnly(6, 0), SlotState.Waiting));
    }

    private static List<string> Elements(string html)
    {
        // As XML, in which it is written but for the elements of the head that have no end: what is not well-formed throws.
        var body = html[html.IndexOf("<body>", StringComparison.Ordinal)..html.IndexOf("</html>", StringComparison.Ordinal)];
        return
        [
            .. XElement
                .Parse(body)
                .DescendantsAndSelf()
                .Select(static one =>
                    $"{one.Name.LocalName} {string.Join(' ', one.Attributes().Select(static attribute => attribute.Name.LocalName))}"
                ),
        ];
    }

    private static List<string> Shape(string markdown) =>
        [
            .. markdown
                .Split('\n')
                .Select(static line =>
                    line.StartsWith('|') ? $"{Cells().Count(line)} cells"
                    : line.StartsWith('#') ? line.Split(' ')[0]
                    : line.Length > 0 ? "text"
                    : ""
                ),
        ];

    [GeneratedRegex("(?:https?:|//|@import|url\\(|<script|<link|<img|<iframe)", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Outside();

    [GeneratedRegex(" id=\"(?<id>[^\"]*)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Ids();

    [GeneratedRegex(@"(?<!\\)(?:\\\\)*\|", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Cells();

    [GeneratedRegex(@"(?<!\\)(?:\\\\)*[<`\]]", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex UnescapedMarkup();
}
