using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LoopOrchestrator.Mcp.Tools.Calls;
using ModelContextProtocol.Protocol;

namespace LoopOrchestrator.Mcp.Tests.Tools;

/// <summary>However often an answer has to be made shorter, its marks count what is missing of the whole.</summary>
public sealed class ShortAnswerTests
{
    [Fact]
    public void Apply_TextsThatAreCutInTheSecondRound_CountsWhatIsMissingOfTheWhole()
    {
        // Eight summaries have more than 8 KB still when each has 2,000 characters.
        var answer = Apply(
            new JsonObject
            {
                ["runs"] = new JsonArray([
                    .. Enumerable
                        .Range(0, 8)
                        .Select(static index => new JsonObject
                        {
                            ["summary"] = new string('s', 10_000),
                            ["findings"] = new JsonArray([
                                .. Enumerable.Range(0, index == 0 ? 100 : 1).Select(static finding => (JsonNode)$"finding {finding}"),
                            ]),
                        }),
                ]),
            }
        );

        var run = answer.GetProperty("runs")[0];
        run.GetProperty("summary").GetString().Should().Be(new string('s', 500) + "…[+9,500 characters]");
        run.GetProperty("findings")
            .EnumerateArray()
            .Select(static finding => finding.GetString())
            .Should()
            .Equal([.. Enumerable.Range(0, 8).Select(static finding => $"finding {finding}"), "…[+92 more]"]);
        answer.GetProperty("runs").GetArrayLength().Should().Be(8);
    }

    [Fact]
    public void Apply_ATextBesideTheListsThatIsCutMoreThanOnce_CountsWhatIsMissingOfTheWhole()
    {
        const int Whole = 60_000;
        var text = Apply(new JsonObject { ["text"] = new string('t', Whole), ["name"] = "short" }).GetProperty("text").GetString()!;

        var kept = text.IndexOf('…', StringComparison.Ordinal);
        kept.Should().BeInRange(1_000, AnswerLimits.ShortBytes);
        text.Should().EndWith(string.Create(CultureInfo.InvariantCulture, $"t…[+{Whole - kept:N0} characters]"));
    }

    private static JsonElement Apply(JsonObject answer)
    {
        var tool = new Tool
        {
            Name = "look",
            Annotations = new ToolAnnotations { ReadOnlyHint = true },
        };
        var result = AnswerLimits.Apply(tool, new CallToolResult { StructuredContent = JsonElement.Parse(answer.ToJsonString()) });
        return result.StructuredContent!.Value;
    }
}
