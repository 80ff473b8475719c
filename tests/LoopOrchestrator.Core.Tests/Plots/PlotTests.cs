using System.Text.RegularExpressions;
using System.Xml.Linq;
using LoopOrchestrator.Core.Plots;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Plots;

public sealed partial class PlotTests
{
    private static readonly string Folder = RepositoryFiles.Find("tests/LoopOrchestrator.Core.Tests/Plots/Snapshots");

    [Fact]
    public void Drawings_OfTheSamples_AreThoseOfTheirSnapshots()
    {
        var expected = PlotSamples.All.ToDictionary(static one => one.Key, static one => one.Value.Svg + "\n", StringComparer.Ordinal);
        if (Snapshots.Renew)
        {
            Snapshots.Write(Folder, expected);
        }

        Snapshots.Differences(Folder, expected).Should().BeEmpty(Snapshots.HowToRenew);
    }

    [Fact]
    public void Drawings_OfEachKind_AreToldInWordsAndHoldNothingThatAPolicyBlocks()
    {
        foreach (var (name, drawing) in PlotSamples.All)
        {
            var svg = XElement.Parse(drawing.Svg);
            ((string?)svg.Attribute("role")).Should().Be("img", name);
            foreach (
                var (attribute, element) in new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["labelledby"] = "title",
                    ["describedby"] = "desc",
                }
            )
            {
                var told = svg.Elements().Single(child => child.Name.LocalName == element);
                told.Value.Should().NotBeNullOrWhiteSpace(name);
                ((string?)svg.Attribute($"aria-{attribute}")).Should().Be((string?)told.Attribute("id"), name);
            }

            svg.DescendantsAndSelf()
                .SelectMany(static element => element.Attributes())
                .Select(static attribute => attribute.Name.LocalName)
                .Should()
                .NotContain(static attribute => attribute == "style" || attribute.StartsWith("on") || attribute.Contains("href"), name);
            svg.DescendantsAndSelf().Should().NotContain(static one => one.Name.LocalName == "script" || one.Name.LocalName == "style");
            drawing.Svg.Should().NotContain("NaN").And.NotContain("Infinity");
        }
    }

    [Fact]
    public void Drawings_OfHostileTexts_AreTextsOnly()
    {
        foreach (var payload in PlotSamples.Payloads)
        {
            foreach (var drawing in PlotSamples.Of(payload))
            {
                var svg = XElement.Parse(drawing.Svg);
                svg.DescendantsAndSelf()
                    .Select(static element => element.Name.LocalName)
                    .Should()
                    .BeSubsetOf(["svg", "title", "desc", "g", "rect", "line", "path", "circle", "text", "polyline"]);
                svg.DescendantsAndSelf()
                    .SelectMany(static element => element.Attributes())
                    .Should()
                    .NotContain(static attribute => attribute.Name.LocalName.StartsWith("on") || attribute.Value.Contains("alert"));
                Unseen().IsMatch(svg.Value).Should().BeFalse("nothing turns the direction of writing, and no control character is left");
                drawing.Svg.Length.Should().BeLessThan(20_000, "a long text is cut");
            }
        }
    }

    [Fact]
    public void Classes_OfEveryDrawing_HaveRulesInTheStyleSheet()
    {
        var used = PlotSamples
            .All.Values.SelectMany(static drawing => XElement.Parse(drawing.Svg).DescendantsAndSelf())
            .SelectMany(static element => ((string?)element.Attribute("class") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .ToHashSet(StringComparer.Ordinal);

        // Those that name a kind of drawing, or a group, have nothing of their own to say.
        used.ExceptWith([
            "plot-slots",
            "plot-bars",
            "plot-distribution",
            "plot-spend",
            "plot-stages",
            "plot-column",
            "plot-back",
            "plot-slot",
            "plot-stage",
        ]);
        used.Should().HaveCountGreaterThan(15);
        used.Where(static name => !PlotStyle.Css.Contains($".{name} ") && !PlotStyle.Css.Contains($".{name},")).Should().BeEmpty();
    }

    [Fact]
    public void Slots_InOneHalfHour_ShowTheGravestAndTellAll()
    {
        var drawing = PlotSamples.All["slots.svg"];

        drawing.Svg.Should().Contain("<title>2026-03-01 00:00: 4 fired, 1 failed</title>");
        XElement
            .Parse(drawing.Svg)
            .Descendants()
            .Count(static one => ((string?)one.Attribute("class"))?.Contains("plot-failed") == true)
            .Should()
            .Be(1);
        drawing.Table.Headings.Should().Equal("Day", "skipped", "fired", "waiting", "running", "missed", "failed");
        drawing.Table.Rows[0].Should().Equal("2026-03-01", "12", "4", "0", "0", "1", "1");
    }

    [Fact]
    public void Slots_OfEachState_DifferWithoutTheirColours()
    {
        var shapes = Enum.GetValues<SlotState>()
            .Select(static state =>
            {
                var drawing = Plot.Slots(
                    new PlotName("a", "A"),
                    [new SlotDay(new DateOnly(2026, 3, 1), [new Slot(new TimeOnly(0, 0), state)])]
                );
                var group = XElement.Parse(drawing.Svg).Elements().Last();
                var parts = group.Elements().Skip(1).Select(static part => $"{part.Name.LocalName}{(string?)part.Attribute("height")}");
                var isHollow = PlotStyle
                    .Css.Split('\n')
                    .Any(line => IsRuleOf(line, state) && line.Contains("fill: none", StringComparison.Ordinal));
                var isDashed = PlotStyle
                    .Css.Split('\n')
                    .Any(line => IsRuleOf(line, state) && line.Contains("dash", StringComparison.Ordinal));
                return $"{string.Join(' ', parts)} {isHollow} {isDashed}";
            })
            .ToList();

        shapes.Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void Bars_MoreThanAreDrawn_AreOneBarAndAllInTheTable()
    {
        var drawing = PlotSamples.All["bars-many.svg"];

        drawing.Table.Rows.Should().HaveCount(40);
        drawing.Svg.Should().Contain("<title>10 others: 55</title>");
    }

    [Fact]
    public void Stages_WaysBack_AreToldWithTheirCount()
    {
        var drawing = PlotSamples.All["stages.svg"];

        XElement
            .Parse(drawing.Svg)
            .Elements()
            .Single(static one => one.Name.LocalName == "desc")
            .Value.Should()
            .Be(
                "planning done, implementation done, validation running, quality held, integration ahead. "
                    + "implementation begun anew 1 time. "
                    + "validation back to implementation 3 times. validation back to planning 1 time."
            );
        drawing.Table.Rows[2].Should().Equal("validation", "running", "3 gates", "back to implementation 3 times, back to planning 1 time");
    }

    [Theory]
    [InlineData("")]
    [InlineData("1a")]
    [InlineData("a b")]
    [InlineData("a\"")]
    [InlineData("ä")]
    public void PlotName_IdThatIsNone_IsRefused(string id)
    {
        var name = () => new PlotName(id, "A");

        name.Should().Throw<ArgumentException>().WithMessage($"'{id}' is no id of a drawing.*");
    }

    private static bool IsRuleOf<TState>(string line, TState state)
        where TState : struct, Enum =>
        line.Split(['.', ',', ' ', '{'], StringSplitOptions.RemoveEmptyEntries)
            .Contains($"plot-{state.ToString().ToLowerInvariant()}", StringComparer.Ordinal);

    [GeneratedRegex(
        @"[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200E\u200F\u061C\u202A-\u202E\u2066-\u2069\uFFFE\uFFFF]",
        RegexOptions.None,
        matchTimeoutMilliseconds: 5000
    )]
    private static partial Regex Unseen();
}
