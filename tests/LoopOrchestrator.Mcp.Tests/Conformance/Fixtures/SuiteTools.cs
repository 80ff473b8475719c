#pragma warning disable MCP9005 // Sampling, roots and logs are on their way out of the protocol; the suite still asks for them.
using System.ComponentModel;
using System.Text.Json;
using LoopOrchestrator.Core.Errors;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tests.Conformance.Fixtures;

/// <summary>The tools that the suite calls by their names, which no product has: it describes each beside its scenario.</summary>
[McpServerToolType]
internal sealed class SuiteTools
{
    [McpServerTool(Name = "test_simple_text"), Description("Answers a text.")]
    public static string SimpleText() => "This is a simple text response for testing.";

    [McpServerTool(Name = "test_image_content"), Description("Answers a picture.")]
    public static ImageContentBlock ImageContent() => SuiteContent.Image();

    [McpServerTool(Name = "test_audio_content"), Description("Answers a sound.")]
    public static AudioContentBlock AudioContent() => AudioContentBlock.FromBytes(SuiteContent.Sound, "audio/wav");

    [McpServerTool(Name = "test_embedded_resource"), Description("Answers a resource.")]
    public static EmbeddedResourceBlock EmbeddedResource() =>
        SuiteContent.Embedded("test://embedded-resource", "text/plain", "This is an embedded resource content.");

    [McpServerTool(Name = "test_multiple_content_types"), Description("Answers a text, a picture and a resource.")]
    public static ContentBlock[] MultipleContentTypes() =>
        [
            SuiteContent.Text("Multiple content types test:"),
            SuiteContent.Image(),
            SuiteContent.Embedded("test://mixed-content-resource", "application/json", """{"test":"data","value":123}"""),
        ];

    [McpServerTool(Name = "test_error_handling"), Description("Fails so that the caller is told.")]
    public static string ErrorHandling() => throw new UserErrorException("This tool intentionally returns an error for testing");

    [McpServerTool(Name = "test_tool_with_progress"), Description("Tells of its progress three times.")]
    public static async Task<string> WithProgressAsync(RequestContext<CallToolRequestParams> context, CancellationToken cancellationToken)
    {
        foreach (var progress in (float[])[0, 50, 100])
        {
            if (context.Params?.ProgressToken is { } token)
            {
                await context.Server.NotifyProgressAsync(
                    token,
                    new ProgressNotificationValue { Progress = progress, Total = 100 },
                    cancellationToken: cancellationToken
                );
            }
        }

        return "Done.";
    }

    [McpServerTool(Name = "test_tool_with_logging"), Description("Tells three lines of a log.")]
    public static async Task<string> WithLoggingAsync(RequestContext<CallToolRequestParams> context, CancellationToken cancellationToken)
    {
        foreach (var line in (string[])["Tool execution started", "Tool processing data", "Tool execution completed"])
        {
            await context.Server.SendNotificationAsync(
                NotificationMethods.LoggingMessageNotification,
                new LoggingMessageNotificationParams { Level = LoggingLevel.Info, Data = JsonSerializer.SerializeToElement(line) },
                cancellationToken: cancellationToken
            );
        }

        return "Done.";
    }

    [McpServerTool(Name = "test_sampling"), Description("Asks the client's model.")]
    public static async Task<string> SamplingAsync(McpServer server, string prompt, CancellationToken cancellationToken)
    {
        var answer = await server.SampleAsync(SuiteQuestions.Sample(prompt, maxTokens: 100), cancellationToken);
        return $"LLM response: {answer.Content.OfType<TextContentBlock>().FirstOrDefault()?.Text}";
    }

    [McpServerTool(Name = "test_elicitation"), Description("Asks the client's person.")]
    public static Task<string> ElicitationAsync(McpServer server, string message, CancellationToken cancellationToken) =>
        AskAsync(
            server,
            message,
            new Dictionary<string, ElicitRequestParams.PrimitiveSchemaDefinition>(StringComparer.Ordinal)
            {
                ["username"] = new ElicitRequestParams.StringSchema { Description = "User's response" },
                ["email"] = new ElicitRequestParams.StringSchema { Description = "User's email address" },
            },
            cancellationToken,
            "username",
            "email"
        );

    [McpServerTool(Name = "test_elicitation_sep1034_defaults"), Description("Asks the client's person, with defaults.")]
    public static Task<string> DefaultsAsync(McpServer server, CancellationToken cancellationToken) =>
        AskAsync(
            server,
            "Please review and update the form fields with defaults",
            new Dictionary<string, ElicitRequestParams.PrimitiveSchemaDefinition>(StringComparer.Ordinal)
            {
                ["name"] = new ElicitRequestParams.StringSchema { Default = "John Doe" },
                ["age"] = new ElicitRequestParams.NumberSchema { Type = "integer", Default = 30 },
                ["score"] = new ElicitRequestParams.NumberSchema { Default = 95.5 },
                ["status"] = new ElicitRequestParams.UntitledSingleSelectEnumSchema
                {
                    Enum = ["active", "inactive", "pending"],
                    Default = "active",
                },
                ["verified"] = new ElicitRequestParams.BooleanSchema { Default = true },
            },
            cancellationToken
        );

    [McpServerTool(Name = "test_elicitation_sep1330_enums"), Description("Asks the client's person to choose.")]
    public static Task<string> EnumsAsync(McpServer server, CancellationToken cancellationToken) =>
        AskAsync(
            server,
            "Please choose",
            new Dictionary<string, ElicitRequestParams.PrimitiveSchemaDefinition>(StringComparer.Ordinal)
            {
                ["untitledSingle"] = new ElicitRequestParams.UntitledSingleSelectEnumSchema { Enum = ["option1", "option2", "option3"] },
                ["titledSingle"] = new ElicitRequestParams.TitledSingleSelectEnumSchema
                {
                    OneOf = [Option("value1", "First Option"), Option("value2", "Second Option"), Option("value3", "Third Option")],
                },
#pragma warning disable MCP9001 // The suite asks for the form of before.
                ["legacyEnum"] = new ElicitRequestParams.LegacyTitledEnumSchema
                {
                    Enum = ["opt1", "opt2", "opt3"],
                    EnumNames = ["Option One", "Option Two", "Option Three"],
                },
#pragma warning restore MCP9001
                ["untitledMulti"] = new ElicitRequestParams.UntitledMultiSelectEnumSchema
                {
                    Items = new() { Enum = ["option1", "option2", "option3"] },
                },
                ["titledMulti"] = new ElicitRequestParams.TitledMultiSelectEnumSchema
                {
                    Items = new()
                    {
                        AnyOf = [Option("value1", "First Choice"), Option("value2", "Second Choice"), Option("value3", "Third Choice")],
                    },
                },
            },
            cancellationToken
        );

    [McpServerTool(Name = "test_missing_capability"), Description("Needs a client with a model.")]
    public static string MissingCapability(McpServer server) =>
        server.ClientCapabilities?.Sampling is null
            ? throw new MissingRequiredClientCapabilityException(
                new ClientCapabilities { Sampling = new SamplingCapability() },
                "This tool needs a client that can sample."
            )
            : "The client can sample.";

    [McpServerTool(Name = "test_streaming_elicitation"), Description("Answers, and asks nothing beside.")]
    public static string StreamingElicitation() => "Nothing was asked.";

    [McpServerTool(Name = "test_logging_tool"), Description("Tells a line of a log, to whoever asked for that.")]
    public static string Logging(McpServer server)
    {
#pragma warning disable MCP9004 // What the SDK has for it, which asks whether the request wants it.
        server
            .AsClientLoggerProvider()
            .CreateLogger("suite")
            .Log(Microsoft.Extensions.Logging.LogLevel.Information, default, "A line", exception: null, static (line, _) => line);
#pragma warning restore MCP9004
        return "Told.";
    }

    private static ElicitRequestParams.EnumSchemaOption Option(string value, string title) => new() { Const = value, Title = title };

    private static async Task<string> AskAsync(
        McpServer server,
        string message,
        Dictionary<string, ElicitRequestParams.PrimitiveSchemaDefinition> properties,
        CancellationToken cancellationToken,
        params string[] required
    )
    {
        var answer = await server.ElicitAsync(
            new ElicitRequestParams
            {
                Message = message,
                RequestedSchema = new ElicitRequestParams.RequestSchema { Properties = properties, Required = required },
            },
            cancellationToken
        );
        return $"Elicitation completed: action={answer.Action}, content={JsonSerializer.Serialize(answer.Content)}";
    }
}
