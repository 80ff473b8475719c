using System.Text.Json;
using System.Text.RegularExpressions;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Configuration;

/// <summary>The files that we deliver, use in samples and show in documents fit the schemas that we deliver.</summary>
public sealed class SchemaFileTests
{
    private static readonly JsonDocumentOptions WithComments = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    public static TheoryData<string> Files() =>
        [
            .. new[] { "mcp_startup.json", "schedules.json" }
                .SelectMany(static name => Directory.EnumerateFiles(RepositoryFiles.Find("samples"), name, SearchOption.AllDirectories))
                .Select(static file => Path.GetRelativePath(RepositoryFiles.Root, file).Replace('\\', '/'))
                .Concat(["mcp_startup.json", "schedules.json"]),
        ];

    public static TheoryData<string, string> Examples()
    {
        var data = new TheoryData<string, string>();
        foreach (var document in (string[])["README.md", "MCP_SERVER_README.md"])
        {
            foreach (
                Match block in Regex.Matches(
                    RepositoryFiles.Read(document),
                    "^```json\\n(?<text>.*?)^```",
                    RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture,
                    TimeSpan.FromSeconds(10)
                )
            )
            {
                // Those with servers are configurations of clients.
                var text = block.Groups["text"].Value;
                if (!Regex.IsMatch(text, "\"(mcpServers|servers|mcp)\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(10)))
                {
                    data.Add(document, text.StartsWith('{') ? text : $"{{{text}}}");
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void File_OfEachKind_FitsItsSchema(string file) =>
        JsonSchemaCheck
            .Problems(
                Schema(Path.GetFileNameWithoutExtension(file)),
                JsonDocument.Parse(RepositoryFiles.Read(file), WithComments).RootElement
            )
            .Should()
            .BeEmpty();

    [Theory]
    [MemberData(nameof(Examples))]
    public void Example_OfADocument_FitsTheSchema(string document, string text) =>
        JsonSchemaCheck.Problems(Schema("mcp_startup"), JsonDocument.Parse(text).RootElement).Should().BeEmpty(document);

    [Fact]
    public void Files_AndExamples_AreFound()
    {
        Files().Should().HaveCountGreaterThanOrEqualTo(4);
        Examples().Should().HaveCountGreaterThanOrEqualTo(4);
    }

    [Theory]
    [InlineData("mcp_startup", """{"limit":{}}""", "$.limit is not allowed")]
    [InlineData("mcp_startup", """{"limits":{"maxAttempts":11}}""", "$.limits.maxAttempts is beyond the maximum 10")]
    [InlineData("mcp_startup", """{"limits":{"maxAttempts":"3"}}""", "$.limits.maxAttempts is no integer")]
    [InlineData("mcp_startup", """{"mode":"tcp"}""", """$.mode is none of ["auto", "stdio", "http"]""")]
    [InlineData("mcp_startup", """{"agents":{"a":{}}}""", "$.agents.a has no kind")]
    [InlineData("mcp_startup", """{"agents":{"handoff":{"kind":"handoff"}}}""", "$.agents.handoff (its name) is what it must not be")]
    [InlineData("mcp_startup", """{"agents":{"a":{"kind":"command","command":[]}}}""", "$.agents.a.command has too few items")]
    [InlineData("mcp_startup", """{"workflows":{"w":{"stages":[{"stage":"validation"}]}}}""", "$.workflows.w.stages[0] fits none of anyOf")]
    [InlineData(
        "mcp_startup",
        """{"workflows":{"w":{"stages":[{"stage":"planning","gates":[{"command":["x"]}],"onFailure":5}]}}}""",
        "$.workflows.w.stages[0].onFailure does not fit exactly one of oneOf"
    )]
    [InlineData("schedules", """{}""", "$ has no schedules")]
    [InlineData("schedules", """{"schedules":[{"name":"x"}]}""", "$.schedules[0] has no id")]
    [InlineData("schedules", """{"schedules":[{"id":"x","timeInterval":5}]}""", "$.schedules[0] has no timeUnit")]
    [InlineData("schedules", """{"schedules":[{"id":"x","startHour":24}]}""", "$.schedules[0].startHour fits none of anyOf")]
    [InlineData(
        "schedules",
        """{"schedules":[{"id":"x","startDate":"31.01.2030"}]}""",
        "$.schedules[0].startDate does not fit pattern ^\\s*([0-9]{4}-[0-9]{2}-[0-9]{2})?\\s*$"
    )]
    public void File_ThatDoesNotFit_IsRefusedWithItsPlace(string schema, string text, string problem) =>
        JsonSchemaCheck.Problems(Schema(schema), JsonDocument.Parse(text).RootElement).Should().Equal(problem);

    [Fact]
    public void Check_OfAnUnknownKeyword_IsAnError() =>
        FluentActions
            .Invoking(static () =>
                JsonSchemaCheck.Problems(JsonDocument.Parse("""{"contains":{}}""").RootElement, JsonDocument.Parse("[]").RootElement)
            )
            .Should()
            .Throw<NotSupportedException>()
            .WithMessage("the keyword contains at $ is not checked yet*");

    private static JsonElement Schema(string name) =>
        JsonDocument.Parse(RepositoryFiles.Read($"docs/schemas/{name}.schema.json")).RootElement;
}
