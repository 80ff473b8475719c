using System.ComponentModel;
using System.Globalization;
using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Mcp.Tools;
using LoopOrchestrator.Mcp.Tools.Runs;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Resources;

/// <summary>Runs and what they print, for clients that let people attach them.</summary>
[McpServerResourceType]
internal sealed class RunResources(Workspace workspace)
{
    private const string RunsUri = "loop://runs";

    [McpServerResource(
        UriTemplate = $"{RunsUri}/{{id}}",
        Name = "run",
        Title = "A run",
        MimeType = ResourceText.Json,
        IconSource = ResourceIcon.Source
    )]
    [Description("One run: state, brief, report, decisions, sub-runs, and the end of its output; as get_run answers it.")]
    public async Task<TextResourceContents> RunAsync([Description("The run's id.")] string id, CancellationToken cancellationToken)
    {
        var run = await FindAsync(id, cancellationToken);
        return ResourceText.Whole(
            Address(run),
            await RunDetailResult.ReadAsync(workspace, run, cancellationToken),
            ToolJson.Default.RunDetailResult,
            $"get_run answers texts whole; {Address(run)}/log has the output."
        );
    }

    [McpServerResource(
        UriTemplate = $"{RunsUri}/{{id}}/log",
        Name = "run-log",
        Title = "The output of a run",
        MimeType = ResourceText.Plain,
        IconSource = ResourceIcon.Source
    )]
    [Description("The end of what a run has printed so far. Its first line says where the start is.")]
    public async Task<TextResourceContents> LogAsync([Description("The run's id.")] string id, CancellationToken cancellationToken)
    {
        var run = await FindAsync(id, cancellationToken);
        var uri = $"{Address(run)}/log";
        var tail = workspace.Runs.OutputTail(run, ResourceText.MaxBytes);
        if (tail is null)
        {
            return ResourceText.Of(
                uri,
                ResourceText.Plain,
                run.Kind == RunKind.Handoff
                    ? $"[a hand-off prints nothing here; {Address(run)} has its report]\n"
                    : $"[run {run.Id} is {run.State.Name()} and has printed nothing]\n"
            );
        }

        var isWhole = workspace.Runs.Output(run, OutputPosition.Start, ResourceText.MaxBytes) is { Next: var next } && next == tail.Next;
        return ResourceText.Of(
            uri,
            ResourceText.Plain,
            (isWhole ? "" : $"[the end of the output; its start: {uri}?cursor=0]\n")
                + tail.Text
                + (tail.IsLast ? "" : $"\n[run {run.Id} goes on: {uri}?cursor={tail.Next}]\n")
        );
    }

    [McpServerResource(
        UriTemplate = $"{RunsUri}/{{id}}/log{{?cursor}}",
        Name = "run-log-part",
        Title = "A part of the output of a run",
        MimeType = ResourceText.Plain,
        IconSource = ResourceIcon.Source
    )]
    [Description("What a run has printed from a place on. Its last line says where it goes on.")]
    public async Task<TextResourceContents> LogAsync(
        [Description("The run's id.")] string id,
        [Description("0 for the start, else what the part before says.")] string? cursor = null,
        CancellationToken cancellationToken = default
    )
    {
        if (cursor is null)
        {
            return await LogAsync(id, cancellationToken);
        }

        var run = await FindAsync(id, cancellationToken);
        var uri = $"{Address(run)}/log";
        var from =
            cursor == "0"
                ? OutputPosition.Start
                : OutputPosition.Parse(cursor)
                    ?? throw new MissingResourceException(
                        $"cursor '{cursor}' is not one of {uri}. Give one that a part of it ends with, or 0 for the start."
                    );
        var part = workspace.Runs.Output(run, from, ResourceText.MaxBytes);
        var rest =
            part.IsLast ? "[the end]"
            : part.Text.Length > 0 ? $"[goes on: {uri}?cursor={part.Next}]"
            : string.Create(CultureInfo.InvariantCulture, $"[nothing more so far; run {run.Id} is {run.State.Name()}]");
        return ResourceText.Of($"{uri}?cursor={cursor}", ResourceText.Plain, $"{part.Text}\n{rest}\n");
    }

    private static string Address(Run run) => $"{RunsUri}/{run.Id}";

    private async Task<Run> FindAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await workspace.Runs.GetAsync(id, cancellationToken);
        }
        catch (UserErrorException exception)
        {
            throw new MissingResourceException(exception);
        }
    }
}
