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
            "timeout_seconds": { "type": ["integer", "null"], "default": null },
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
    [InlineData("""{ "mode": 5 }""", "The argument 'mode' must be a string, and is 5.")]
    [InlineData("""{ "mode": null }""", "The argument 'mode' must be a string, and is null.")]
    [InlineData("""{ "mode": "code", "timeout_seconds": "60" }""", "The argument 'timeout_seconds' must be a whole number, and is \"60\".")]
    [InlineData("""{ "mode": "code", "timeout_seconds": 1.5 }""", "The argument 'timeout_seconds' must be a whole number, and is 1.5.")]
    [InlineData(
        """{ "mode": "code", "priority": "tood" }""",
        "The argument 'priority' must be one of schedule, todo, normal, and is \"tood\"; did you mean 'todo'?"
    )]
    [InlineData("""{ "mode": "code", "findings": "a" }""", "The argument 'findings' must be a list, and is \"a\".")]
    [InlineData(
        """{ "mode": "code", "findings": ["a", 2] }""",
        "The argument 'findings' has at index 1 an item that must be a string, and is 2."
    )]
    [InlineData(
        """{ "mode": "code", "timeoutSeconds": 60 }""",
        "The argument 'timeoutSeconds' is unknown; did you mean 'timeout_seconds'? It takes: mode, timeout_seconds, "
            + "priority, findings, pinned, anything."
    )]
    public void FindProblems_Arguments_AreComparedWithTheSchema(string arguments, string? expected)
    {
        using var schema = JsonDocument.Parse(Schema);
        using var given = JsonDocument.Parse(arguments);

        var problems = ArgumentCheck.FindProblems(
            schema.RootElement,
            given.RootElement.EnumerateObject().ToDictionary(property => property.Name, property => property.Value, StringComparer.Ordinal)
        );

        problems.Should().Equal(expected is null ? [] : [expected]);
    }

    [Fact]
    public void FindProblems_NoArgumentsAtAll_ReportsTheRequiredOnes()
    {
        using var schema = JsonDocument.Parse(Schema);

        ArgumentCheck
            .FindProblems(schema.RootElement, arguments: null)
            .Should()
            .Equal(["The argument 'mode' is missing; expected a string."]);
    }
}
