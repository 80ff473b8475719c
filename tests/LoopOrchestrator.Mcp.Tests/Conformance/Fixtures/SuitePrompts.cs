using System.ComponentModel;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tests.Conformance.Fixtures;

/// <summary>The suite's prompts.</summary>
[McpServerPromptType]
internal sealed class SuitePrompts
{
    [McpServerPrompt(Name = "test_simple_prompt"), Description("A prompt without arguments.")]
    public static string Simple() => "This is a simple prompt for testing.";

    [McpServerPrompt(Name = "test_prompt_with_arguments"), Description("A prompt with two arguments.")]
    public static string WithArguments([Description("The first.")] string arg1, [Description("The second.")] string arg2) =>
        $"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'";

    [McpServerPrompt(Name = "test_prompt_with_embedded_resource"), Description("A prompt with a resource.")]
    public static PromptMessage[] WithResource([Description("Which one.")] string resourceUri) =>
        [
            Message(SuiteContent.Embedded(resourceUri, "text/plain", "Embedded resource content for testing.")),
            Message(SuiteContent.Text("Please process the embedded resource above.")),
        ];

    [McpServerPrompt(Name = "test_prompt_with_image"), Description("A prompt with a picture.")]
    public static PromptMessage[] WithImage() =>
        [Message(SuiteContent.Image()), Message(SuiteContent.Text("Please analyze the image above."))];

    [McpServerPrompt(Name = "test_input_required_result_prompt"), Description("A prompt that asks for something first.")]
    public static string AskingFirst(RequestContext<GetPromptRequestParams> context) =>
        SuiteQuestions.Given(context.Params, "user_context", "context") is { } given
            ? $"Go on with: {given}"
            : throw SuiteQuestions.Ask("user_context", SuiteQuestions.Text("What context should the prompt use?", "context"));

    private static PromptMessage Message(ContentBlock content) => new() { Role = Role.User, Content = content };
}
