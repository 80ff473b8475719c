using System.Globalization;
using System.Text.Json;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Mcp.Tools.Calls;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tools.Runs;

/// <summary>
/// Has the client ask its person the questions of a run (elicitation): the call is answered with a form, and comes again with what was
/// filled in.
/// </summary>
internal static class QuestionForm
{
    private const string Key = "questions";
    private const int MaxTitleLength = 200;

    /// <summary>The answers that came with the call, in the order of the questions.</summary>
    /// <exception cref="InputRequiredException">None came yet: the client is to ask.</exception>
    /// <exception cref="UserErrorException">The client cannot ask, or its person did not answer.</exception>
    public static IReadOnlyList<string> Ask(RequestContext<CallToolRequestParams> context, Run run)
    {
        var questions = run.Questions.Count > 0 ? run.Questions : [run.Summary ?? run.Reason ?? "What is it to do?"];
        if (context.Params?.InputResponses is { } responses && responses.TryGetValue(Key, out var response))
        {
            return Read(response.Deserialize(InputResponse.ElicitResultJsonTypeInfo), run, questions.Count);
        }

        if (!context.Server.IsMrtrSupported || context.Server.ClientCapabilities?.Elicitation is null)
        {
            throw new UserErrorException(
                "answers is missing, and your client cannot ask its person. Ask the person yourself, and give an answer "
                    + "for each question, in their order: "
                    + $"{string.Join(" ", questions.Select(static (question, index) => $"({index + 1}) {question}"))}"
            );
        }

        throw new InputRequiredException(
            new Dictionary<string, InputRequest>(StringComparer.Ordinal)
            {
                [Key] = InputRequest.ForElicitation(
                    new ElicitRequestParams
                    {
                        Message = $"Run {run.Id} ({run.Mode}: {RunTitle.Of(run.Task)}) cannot go on without you. {run.Summary}".TrimEnd(),
                        RequestedSchema = new ElicitRequestParams.RequestSchema
                        {
                            Properties = questions
                                .Select(static (question, index) => (question, index))
                                .ToDictionary(
                                    static one => Name(one.index),
                                    static one =>
                                        (ElicitRequestParams.PrimitiveSchemaDefinition)
                                            new ElicitRequestParams.StringSchema
                                            {
                                                Title = AnswerLimits.Cut(one.question, MaxTitleLength),
                                                Description = one.question,
                                                MinLength = 1,
                                            },
                                    StringComparer.Ordinal
                                ),
                            Required = [.. questions.Select(static (_, index) => Name(index))],
                        },
                    }
                ),
            }
        );
    }

    private static List<string> Read(ElicitResult? result, Run run, int count) =>
        result is { IsAccepted: true, Content: { } content }
            ?
            [
                .. Enumerable
                    .Range(0, count)
                    .Select(index =>
                        content.TryGetValue(Name(index), out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : ""
                    ),
            ]
            : throw new UserErrorException(
                $"The person did not answer ({result?.Action ?? "cancel"}); run {run.Id} still waits in needs_input."
            );

    private static string Name(int index) => string.Create(CultureInfo.InvariantCulture, $"answer_{index + 1}");
}
