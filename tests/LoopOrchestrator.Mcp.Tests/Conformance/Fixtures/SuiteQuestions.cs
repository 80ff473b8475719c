#pragma warning disable MCP9005 // Sampling, roots and logs are on their way out of the protocol; the suite still asks for them.
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace LoopOrchestrator.Mcp.Tests.Conformance.Fixtures;

/// <summary>What the suite's tools ask a client for, by an answer that asks for input (revision 2026-07-28).</summary>
internal static class SuiteQuestions
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);

    /// <summary>A text that a person is asked for.</summary>
    public static InputRequest Text(string message, string name) =>
        InputRequest.ForElicitation(Form(message, name, new ElicitRequestParams.StringSchema()));

    /// <summary>A yes or no that a person is asked for.</summary>
    public static InputRequest Truth(string message, string name) =>
        InputRequest.ForElicitation(Form(message, name, new ElicitRequestParams.BooleanSchema()));

    /// <summary>A text that a model is asked for.</summary>
    public static CreateMessageRequestParams Sample(string prompt, int maxTokens) =>
        new() { Messages = [new SamplingMessage { Role = Role.User, Content = [SuiteContent.Text(prompt)] }], MaxTokens = maxTokens };

    /// <summary>Asks for one thing.</summary>
    public static InputRequiredException Ask(string key, InputRequest request, string? state = null) =>
        new(new Dictionary<string, InputRequest>(StringComparer.Ordinal) { [key] = request }, state);

    /// <summary>The text that a person gave, or nothing: what is no answer to the question is asked for again.</summary>
    public static string? Given(RequestParams? parameters, string key, string name)
    {
        try
        {
            return
                parameters?.InputResponses is { } responses
                && responses.TryGetValue(key, out var response)
                && response.Deserialize(InputResponse.ElicitResultJsonTypeInfo) is { IsAccepted: true, Content: { } content }
                && content.TryGetValue(name, out var value)
                && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A state that only this server can have given.</summary>
    public static string Sign(string state) => $"{state}.{Convert.ToHexString(HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes(state)))}";

    /// <summary>Refuses a state that this server has not given.</summary>
    public static string Verify(string signed) =>
        signed.LastIndexOf('.') is > 0 and var at && Sign(signed[..at]) == signed
            ? signed[..at]
            : throw new McpProtocolException("requestState is none of this server's.", McpErrorCode.InvalidParams);

    private static ElicitRequestParams Form(string message, string name, ElicitRequestParams.PrimitiveSchemaDefinition schema) =>
        new()
        {
            Message = message,
            RequestedSchema = new ElicitRequestParams.RequestSchema
            {
                Properties = new Dictionary<string, ElicitRequestParams.PrimitiveSchemaDefinition>(StringComparer.Ordinal)
                {
                    [name] = schema,
                },
                Required = [name],
            },
        };
}
