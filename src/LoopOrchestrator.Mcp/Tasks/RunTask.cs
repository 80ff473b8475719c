using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Mcp.Tools;
using LoopOrchestrator.Mcp.Tools.Calls;
using LoopOrchestrator.Mcp.Tools.Runs;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace LoopOrchestrator.Mcp.Tasks;

/// <summary>A run in the words of the extension for tasks.</summary>
internal static class RunTask
{
    public const string Working = "working";

    /// <summary>For how long a run is kept at the least, in milliseconds from its beginning.</summary>
    public const long TimeToLive = 7L * 24 * 60 * 60 * 1000;

    /// <summary>How often a client asks, in milliseconds; a run's end is told to whoever waits for it with get_run at once.</summary>
    public const long PollInterval = 2_000;

    /// <summary>Where it stands, with the answer of <c>run_mode</c> where it has ended, or the questions that it waits for.</summary>
    public static JsonObject Of(Run run)
    {
        var task = Acknowledgement();
        task["taskId"] = run.Id;
        task["status"] = run.State switch
        {
            RunState.Queued or RunState.Running => Working,
            RunState.NeedsInput => "input_required",
            RunState.Cancelled => "cancelled",
            _ => "completed",
        };
        task["statusMessage"] = Message(run);
        task["createdAt"] = run.CreatedAt;
        task["lastUpdatedAt"] = ChangedAt(run);
        task["ttlMs"] = TimeToLive;
        task["pollIntervalMs"] = PollInterval;
        if (run.State == RunState.NeedsInput)
        {
            task["inputRequests"] = new JsonObject
            {
                [Key(run)] = new JsonObject
                {
                    ["method"] = RequestMethods.ElicitationCreate,
                    ["params"] = JsonSerializer.SerializeToNode(
                        QuestionForm.Of(run),
                        McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(ElicitRequestParams))
                    ),
                },
            };
        }
        else if (run.State.HasEnded() && run.State != RunState.Cancelled)
        {
            var content = JsonSerializer.SerializeToElement(RunResult.From(run), ToolJsonOptions.Shared.GetTypeInfo(typeof(RunResult)));
            var answer = ReadableAnswer.Of(
                new CallToolResult { StructuredContent = content, Content = [new TextContentBlock { Text = content.GetRawText() }] }
            );
            task["result"] = JsonSerializer.SerializeToNode(answer, McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(CallToolResult)));
        }

        return task;
    }

    /// <summary>The answers to the questions that a run waits for; <see langword="null"/> where none came.</summary>
    public static IReadOnlyList<string>? Answers(Run run, JsonObject? responses) =>
        run.State == RunState.NeedsInput
        && responses?[Key(run)] is JsonObject response
        && response["action"] is JsonValue action
        && action.TryGetValue<string>(out var word)
        && word == "accept"
        && response["content"] is JsonObject content
            ? QuestionForm.Read(run, name => content[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null)
            : null;

    /// <summary>An answer that says nothing more.</summary>
    public static JsonObject Acknowledgement() => new() { ["resultType"] = "complete" };

    public static string Message(Run run)
    {
        var reason = string.IsNullOrEmpty(run.Reason) ? "" : $": {AnswerLimits.Cut(run.Reason, AnswerLimits.ShortText)}";
        return $"Run {run.Id} is {run.State.Name()}{reason}";
    }

    public static DateTimeOffset ChangedAt(Run run) => run.EndedAt ?? run.AttemptStartedAt ?? run.CreatedAt;

    // Each attempt has questions of its own, and a name is never given twice.
    private static string Key(Run run) => string.Create(CultureInfo.InvariantCulture, $"questions-{run.Attempt}");
}
