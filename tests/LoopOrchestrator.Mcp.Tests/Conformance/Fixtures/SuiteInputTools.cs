#pragma warning disable MCP9005 // Sampling, roots and logs are on their way out of the protocol; the suite still asks for them.
using System.ComponentModel;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tests.Conformance.Fixtures;

/// <summary>The suite's tools that need something of the client before they can answer (revision 2026-07-28).</summary>
[McpServerToolType]
internal sealed class SuiteInputTools
{
    [McpServerTool(Name = "test_input_required_result_elicitation"), Description("Asks for a name.")]
    public static string Elicitation(RequestContext<CallToolRequestParams> context) =>
        SuiteQuestions.Given(context.Params, "user_name", "name") is { } name
            ? $"Hello, {name}!"
            : throw SuiteQuestions.Ask("user_name", SuiteQuestions.Text("What is your name?", "name"));

    [McpServerTool(Name = "test_input_required_result_sampling"), Description("Asks a model for a capital.")]
    public static string Sampling(RequestContext<CallToolRequestParams> context) =>
        Has(context, "capital_question", out var response)
            ? response.Deserialize(InputResponse.CreateMessageResultJsonTypeInfo)!.Content.OfType<TextContentBlock>().First().Text
            : throw SuiteQuestions.Ask(
                "capital_question",
                InputRequest.ForSampling(SuiteQuestions.Sample("What is the capital of France?", maxTokens: 100))
            );

    [McpServerTool(Name = "test_input_required_result_list_roots"), Description("Asks for folders.")]
    public static string ListRoots(RequestContext<CallToolRequestParams> context) =>
        Has(context, "client_roots", out var response)
            ? string.Join(", ", response.Deserialize(InputResponse.ListRootsResultJsonTypeInfo)!.Roots.Select(static root => root.Uri))
            : throw SuiteQuestions.Ask("client_roots", InputRequest.ForRootsList(new ListRootsRequestParams()));

    [McpServerTool(Name = "test_input_required_result_request_state"), Description("Asks for a word, and knows it again by its state.")]
    public static string RequestState(RequestContext<CallToolRequestParams> context) => Confirm(context, "state-ok");

    [McpServerTool(Name = "test_input_required_result_tampered_state"), Description("The same; a state of others is refused.")]
    public static string TamperedState(RequestContext<CallToolRequestParams> context) => Confirm(context, "state-ok");

    [McpServerTool(Name = "test_input_required_result_multiple_inputs"), Description("Asks for three things at once.")]
    public static string MultipleInputs(RequestContext<CallToolRequestParams> context)
    {
        if (context.Params?.InputResponses is { Count: >= 3 })
        {
            SuiteQuestions.Verify(context.Params.RequestState ?? "");
            return "All three are here.";
        }

        throw new InputRequiredException(
            new Dictionary<string, InputRequest>(StringComparer.Ordinal)
            {
                ["user_name"] = SuiteQuestions.Text("What is your name?", "name"),
                ["greeting"] = InputRequest.ForSampling(SuiteQuestions.Sample("Generate a greeting", maxTokens: 50)),
                ["client_roots"] = InputRequest.ForRootsList(new ListRootsRequestParams()),
            },
            SuiteQuestions.Sign("three")
        );
    }

    [McpServerTool(Name = "test_input_required_result_multi_round"), Description("Asks twice.")]
    public static string MultiRound(RequestContext<CallToolRequestParams> context) =>
        context.Params?.RequestState is not { } state
            ? throw SuiteQuestions.Ask("step1", SuiteQuestions.Text("Step 1: What is your name?", "name"), SuiteQuestions.Sign("first"))
        : SuiteQuestions.Verify(state) == "first"
            ? throw SuiteQuestions.Ask(
                "step2",
                SuiteQuestions.Text("Step 2: What is your favorite color?", "color"),
                SuiteQuestions.Sign("second")
            )
        : "Both are here.";

    [McpServerTool(Name = "test_input_required_result_capabilities"), Description("Asks for what the client can give.")]
    public static string Capabilities(RequestContext<CallToolRequestParams> context)
    {
        var requests = new Dictionary<string, InputRequest>(StringComparer.Ordinal);
        var client = context.Server.ClientCapabilities;
        if (client?.Elicitation is not null)
        {
            requests["user_name"] = SuiteQuestions.Text("What is your name?", "name");
        }

        if (client?.Sampling is not null)
        {
            requests["greeting"] = InputRequest.ForSampling(SuiteQuestions.Sample("Generate a greeting", maxTokens: 50));
        }

        return requests.Count == 0 ? "The client can give nothing." : throw new InputRequiredException(requests);
    }

    private static string Confirm(RequestContext<CallToolRequestParams> context, string answer)
    {
        if (context.Params?.RequestState is not { } state)
        {
            throw SuiteQuestions.Ask("confirm", SuiteQuestions.Truth("Please confirm", "ok"), SuiteQuestions.Sign("confirm"));
        }

        SuiteQuestions.Verify(state);
        return answer;
    }

    private static bool Has(
        RequestContext<CallToolRequestParams> context,
        string key,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out InputResponse? response
    )
    {
        response = null;
        return context.Params?.InputResponses?.TryGetValue(key, out response) is true;
    }
}
