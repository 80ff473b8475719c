using System.Globalization;
using System.Text.Json;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Tools.Calls;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tools.Runs;

/// <summary>
/// Has the client ask its person the questions of a run.
/// </summary>
internal static class QuestionForm
{
    private const string Key = "questions";
    private const int MaxTitleLength = 200;

    /// <summary>The answers that came with the call, in the order of the questions.</summary>
    /// <exception cref="InputRequiredException">None came yet: the client is to ask.</exception>
    /// <exception cref="UserErrorException">The client cannot ask, or its person did not answer.</exception>
    public static async Task<IReadOnlyList<string>> AskAsync(
        RequestContext<CallToolRequestParams> context,
        Run run,
        CancellationToken cancellationToken
    )
    {
        if (!PersonForm.CanBeShown(context.Server))
        {
            throw new UserErrorException(
                "answers is missing, and your client cannot ask its person. Ask the person yourself, and give an answer "
                    + "for each question, in their order: "
                    + $"{string.Join(" ", Questions(run).Select(static (question, index) => $"({index + 1}) {question}"))}"
            );
        }

        var answer = await PersonForm.AskAsync(context, Key, Of(run), cancellationToken);
        return answer.Content is { } content
            ? Read(run, name =>
                content.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null
            )
            : throw new UserErrorException($"The person did not answer ({answer.Word}); run {run.Id} still waits in needs_input.");
    }

    /// <summary>The form. An agent wrote what it asks: nothing of that steers what shows it.</summary>
    public static ElicitRequestParams Of(Run run)
    {
        var questions = Questions(run).Select(SafeText.EscapeLines).ToList();
        return new ElicitRequestParams
        {
            Message = SafeText.EscapeLines(
                $"Run {run.Id} ({run.Mode}: {RunTitle.Of(run.Task)}) cannot go on without you. {run.Summary}".TrimEnd()
            ),
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
        };
    }

    /// <summary>The answers of a form that was filled in, in the order of the questions; an empty one where a field is.</summary>
    public static IReadOnlyList<string> Read(Run run, Func<string, string?> field) =>
        [.. Questions(run).Select((_, index) => field(Name(index)) ?? "")];

    private static IReadOnlyList<string> Questions(Run run) =>
        run.Questions.Count > 0 ? run.Questions : [run.Summary ?? run.Reason ?? "What is it to do?"];

    private static string Name(int index) => string.Create(CultureInfo.InvariantCulture, $"answer_{index + 1}");
}
