using System.Text.Json;
using LoopOrchestrator.Mcp.Tools.Calls;

namespace LoopOrchestrator.Mcp.Tests.Tools;

public sealed class ArgumentCheckTests
{
    private const string Schema = """
        {
          "type": "object",
          "properties": {
            "mode": { "type": "string" },
            "timeout_seconds": { "type": "integer" },
            "seconds": { "type": "number" },
            "counts": { "type": "array", "items": { "type": "integer" } },
            "options": { "type": "object" },
            "priority": { "type": "string", "enum": ["schedule", "todo", "normal"] },
            "findings": { "type": "array", "items": { "type": "string" } },
            "pinned": { "type": "boolean" },
            "anything": true
          },
          "required": ["mode"]
        }
        """;

    [Theory]
    [InlineData("""{ "mode": "code" }""", null)]
    [InlineData(
        """{ "mode": "code", "timeout_seconds": 60, "priority": "todo", "findings": ["a"], "pinned": true, "anything": {} }""",
        null
    )]
    [InlineData("""{ "mode": "code", "timeout_seconds": null }""", null)]
    [InlineData("""{ "mode": "code", "timeout_seconds": 60.0 }""", null)]
    [InlineData("{}", "The argument 'mode' is missing; expected a string.")]
    [InlineData("""{ "mode": [5] }""", "The argument 'mode' must be a string, and is a list.")]
    [InlineData("""{ "mode": null }""", "The argument 'mode' must be a string, and is null.")]
    [InlineData("""{ "mode": "code", "timeout_seconds": "5x" }""", "The argument 'timeout_seconds' must be a whole number, and is \"5x\".")]
    [InlineData(
        """{ "mode": "code", "timeout_seconds": "1,000" }""",
        "The argument 'timeout_seconds' must be a whole number, and is \"1,000\"."
    )]
    [InlineData("""{ "mode": "code", "timeout_seconds": "" }""", "The argument 'timeout_seconds' must be a whole number, and is \"\".")]
    [InlineData("""{ "mode": "code", "pinned": "yes" }""", "The argument 'pinned' must be a boolean, and is \"yes\".")]
    [InlineData("""{ "mode": "code", "pinned": 1 }""", "The argument 'pinned' must be a boolean, and is 1.")]
    [InlineData("""{ "mode": "code", "findings": "[1" }""", "The argument 'findings' must be a list, and is \"[1\".")]
    [InlineData("""{ "mode": "code", "timeout_seconds": 1.5 }""", "The argument 'timeout_seconds' must be a whole number, and is 1.5.")]
    [InlineData(
        """{ "mode": "code", "priority": "tood" }""",
        "The argument 'priority' must be one of schedule, todo, normal, and is \"tood\"; did you mean 'todo'?"
    )]
    [InlineData(
        """{ "mode": "code", "findings": [null] }""",
        "The argument 'findings' has at index 0 an item that must be a string, and is null."
    )]
    [InlineData("""{ "mode": "code", "findings": "a" }""", "The argument 'findings' must be a list, and is \"a\".")]
    [InlineData(
        """{ "mode": "code", "findings": ["a", {}] }""",
        "The argument 'findings' has at index 1 an item that must be a string, and is an object."
    )]
    [InlineData(
        """{ "mode": "code", "timeoutSeconds": 60 }""",
        "The argument 'timeoutSeconds' is unknown; did you mean 'timeout_seconds'? It takes: mode, timeout_seconds, "
            + "seconds, counts, options, priority, findings, pinned, anything."
    )]
    [InlineData(
        """{ "mode": "code", "only_if": ["sh"] }""",
        "'only_if' is for people to write into schedules.json: a command never comes from a caller."
    )]
    public void Compare_Arguments_AreComparedWithTheSchema(string arguments, string? expected)
    {
        var (problems, ignored) = Compare(arguments, out _);

        problems.Should().Equal(expected is null ? [] : [expected]);
        ignored.Should().BeEmpty();
    }

    [Theory]
    [InlineData("timeout_seconds", "\"60\"", "60")]
    [InlineData("timeout_seconds", "60.0", "60")]
    [InlineData("timeout_seconds", "\" 6e1 \"", "60")]
    [InlineData("seconds", "\"-1.5\"", "-1.5")]
    [InlineData("pinned", "\"true\"", "true")]
    [InlineData("pinned", "\"False\"", "false")]
    [InlineData("mode", "5", "\"5\"")]
    [InlineData("mode", "true", "\"true\"")]
    [InlineData("findings", "\"[\\\"a\\\", 2]\"", "[\"a\",\"2\"]")]
    [InlineData("findings", "[\"a\", 2]", "[\"a\",\"2\"]")]
    [InlineData("counts", "[\"1\", 2.0]", "[1,2]")]
    [InlineData("options", "\"{\\\"a\\\": 1}\"", "{\"a\":1}")]
    public void Apply_RightValueInTheWrongType_IsConvertedWithoutLoss(string argument, string given, string expected)
    {
        var arguments = argument == "mode" ? $$"""{ "mode": {{given}} }""" : $$"""{ "mode": "code", "{{argument}}": {{given}} }""";

        Compare(arguments, out var converted).Problems.Should().BeEmpty();
        using var meant = JsonDocument.Parse(expected);
        JsonElement.DeepEquals(converted[argument], meant.RootElement).Should().BeTrue(converted[argument].GetRawText());
    }

    [Theory]
    [InlineData("toolCallId")]
    [InlineData("wait_for_previous")]
    [InlineData("sessionId")]
    [InlineData("id")]
    [InlineData("Mode")]
    public void Compare_ArgumentThatNobodyDeclared_IsIgnored(string name) =>
        Compare($$"""{ "mode": "code", "{{name}}": { "x": 1 } }""", out _).Should().BeEquivalentTo(new ArgumentFindings([], [name]));

    [Theory]
    [InlineData("moed", "mode")]
    [InlineData("Mode", "mode")]
    public void Compare_SlipOfOneThatIsMissing_IsRefusedWithTheRightOne(string name, string meant) =>
        Compare($$"""{ "{{name}}": "code" }""", out _)
            .Problems.Should()
            .Contain(problem => problem.StartsWith($"The argument '{name}' is unknown; did you mean '{meant}'?", StringComparison.Ordinal));

    [Fact]
    public void Compare_NoArgumentsAtAll_ReportsTheRequiredOnes()
    {
        using var schema = JsonDocument.Parse(Schema);

        ArgumentCheck
            .Compare(schema.RootElement, arguments: null)
            .Problems.Should()
            .Equal(["The argument 'mode' is missing; expected a string."]);
    }

    private static ArgumentFindings Compare(string arguments, out Dictionary<string, JsonElement> converted)
    {
        using var schema = JsonDocument.Parse(Schema);
        var given = JsonDocument.Parse(arguments).RootElement;
        converted = given.EnumerateObject().ToDictionary(property => property.Name, property => property.Value, StringComparer.Ordinal);
        ArgumentConversion.Apply(schema.RootElement, converted);
        return ArgumentCheck.Compare(schema.RootElement, converted);
    }
}
