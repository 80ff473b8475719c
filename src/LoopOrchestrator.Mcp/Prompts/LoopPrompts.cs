using System.Text.Json;
using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Mcp.Resources;
using LoopOrchestrator.Mcp.Tools.Calls;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Prompts;

/// <summary>
/// What a person picks in a client: one prompt for each mode in force, by its slug, and one to work the loop. They are made when they are
/// asked for, so that a mode that was added to <c>.roomodes</c> is there without a restart.
/// </summary>
internal static class LoopPrompts
{
    /// <summary>The prompt that is of no mode. No slug has an underscore.</summary>
    public const string WorkTheLoop = "work_the_loop";

    /// <summary>Its argument.</summary>
    public const string ModeArgument = "mode";

    private const string TaskArgument = "task";
    private const int MaxDescription = 300;

    private static readonly List<Icon> Icons =
    [
        new()
        {
            Source = ResourceIcon.Source,
            MimeType = ResourceIcon.MimeType,
            Sizes = ["any"],
        },
    ];

    /// <summary>Serves them.</summary>
    public static IMcpServerBuilder WithLoopPrompts(this IMcpServerBuilder builder) =>
        builder
            .WithListPromptsHandler(static (context, _) => ValueTask.FromResult(List(ModesOf(context.Services, context.Server))))
            .WithGetPromptHandler(
                static (context, _) => ValueTask.FromResult(Get(ModesOf(context.Services, context.Server), context.Params))
            );

    private static ModeFile ModesOf(IServiceProvider? services, McpServer server) =>
        (services ?? server.Services!).GetRequiredService<Workspace>().Modes;

    private static ListPromptsResult List(ModeFile modes) => new() { Prompts = [Loop(), .. modes.Catalog.All.Select(Of)] };

    private static Prompt Loop() =>
        new()
        {
            Name = WorkTheLoop,
            Title = "Work the loop",
            Description = "Take the hand-offs that wait, one after the other: do the work of each brief and report it.",
            Arguments =
            [
                new PromptArgument
                {
                    Name = ModeArgument,
                    Title = "Mode",
                    Description = "Only hand-offs in this mode; all when left out.",
                    Required = false,
                },
            ],
            Icons = Icons,
        };

    private static Prompt Of(Mode mode) =>
        new()
        {
            Name = mode.Slug,
            Title = mode.Name,
            Description = AnswerLimits.Cut((mode.Description ?? mode.WhenToUse ?? mode.RoleDefinition).Trim(), MaxDescription),
            Arguments =
            [
                new PromptArgument
                {
                    Name = TaskArgument,
                    Title = "Task",
                    Description = "What is to be done: goal, constraints and how one knows that it is done.",
                    Required = true,
                },
            ],
            Icons = Icons,
        };

    private static GetPromptResult Get(ModeFile modes, GetPromptRequestParams? parameters)
    {
        var name = parameters?.Name ?? string.Empty;
        if (name == WorkTheLoop)
        {
            Refuse(name, parameters, ModeArgument);
            return Answer(Loop().Description!, WorkText(modes, Argument(parameters, ModeArgument)));
        }

        var mode = modes.Catalog.Find(name) ?? throw Unknown(name, modes);
        Refuse(name, parameters, TaskArgument);
        var task = Argument(parameters, TaskArgument);
        return string.IsNullOrWhiteSpace(task)
                ? throw Invalid($"The prompt '{name}' needs the argument '{TaskArgument}': what is to be done.")
            : task.Length > RunRequest.MaxTaskLength
                ? throw Invalid($"The argument '{TaskArgument}' has {task.Length} characters and may have {RunRequest.MaxTaskLength}.")
            : Answer(Of(mode).Description!, ModeText(mode, task));
    }

    private static string WorkText(ModeFile modes, string? mode)
    {
        if (mode is not null && modes.Catalog.Find(mode) is null)
        {
            throw Unknown(mode, modes);
        }

        var which = mode is null ? "" : $"mode \"{mode}\" and ";
        return $"""
            Work the loop of this workspace with the tools of Loop Orchestrator.

            1. Call get_status. Tell me in short what needs a person: attention, held_back and escalations.
            2. Call claim_run with {which}wait_seconds {RunService.MaxClaimWaitSeconds}.
            3. When it answers a run, do the whole work of its brief. While you work, call get_run with the run_id and the lease_token
               within every lease_seconds, so that the run stays yours. Then report it with complete_run: outcome, a summary with the
               evidence, findings that others will need, and the lease_token. Where only a person can decide, report needs_input with
               questions.
            4. Go back to 2. When no hand-off has come three times in a row, stop, and tell me what was done and what is due next.
            """;
    }

    private static string ModeText(Mode mode, string task) =>
        $"""
            Work in the mode {mode.Name} ({mode.Slug}) of Loop Orchestrator.

            Call run_mode with mode "{mode.Slug}" and this task:

            {task}

            When the answer holds a brief, the work is yours: follow the brief whole, then report with complete_run. When the run has
            another agent, it goes on by itself: follow it with get_run and tell me what came of it.
            """;

    private static GetPromptResult Answer(string description, string text) =>
        new()
        {
            Description = description,
            Messages =
            [
                new PromptMessage
                {
                    Role = Role.User,
                    Content = new TextContentBlock { Text = text },
                },
            ],
        };

    private static string? Argument(GetPromptRequestParams? parameters, string name) =>
        parameters?.Arguments is { } arguments && arguments.TryGetValue(name, out var value)
            ? value.ValueKind switch
            {
                JsonValueKind.Null => null,
                JsonValueKind.String => value.GetString() is { } text && !string.IsNullOrWhiteSpace(text) ? text : null,
                _ => throw Invalid($"The argument '{name}' must be a text."),
            }
            : null;

    // A client may add fields of its own; a model or person who meant something by one has to know that it counts for nothing only where
    // what was meant may be missing.
    private static void Refuse(string prompt, GetPromptRequestParams? parameters, string known)
    {
        if (
            parameters?.Arguments is { } arguments
            && !arguments.ContainsKey(known)
            && arguments.Keys.FirstOrDefault(name => NearestName.Find(name, [known]) is not null) is { } near
        )
        {
            throw Invalid($"The prompt '{prompt}' has no argument '{near}'. Did you mean '{known}'?");
        }
    }

    private static McpProtocolException Unknown(string name, ModeFile modes)
    {
        var near = modes.Catalog.Nearest(name);
        return Invalid(
            $"There is no mode or prompt '{name}'. "
                + (near.Count > 0 ? $"Nearest: {string.Join(", ", near)}." : "prompts/list and list_modes have them all.")
        );
    }

    private static McpProtocolException Invalid(string message) => new(message, McpErrorCode.InvalidParams);
}
