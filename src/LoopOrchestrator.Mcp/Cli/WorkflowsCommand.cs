using System.CommandLine;
using System.Text.Json;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Git;
using LoopOrchestrator.Core.Workflows;
using LoopOrchestrator.Core.Workflows.Definition;
using LoopOrchestrator.Core.Workflows.Planning;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Commands;
using LoopOrchestrator.Mcp.Cli.Output;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Tools.Workflows;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary><c>workflows</c>: what cycles consist of, and what one would do. Nothing is executed and nothing written.</summary>
internal static class WorkflowsCommand
{
    public static Command Create() => new("workflows", "See the workflows, and what a cycle of one would do.") { List(), Show() };

    private static Command List()
    {
        var json = WorkspaceCommand.Json(like: null);
        return new Command("list", "List the workflows with their stages.") { json }.OnWorkspace(
            (session, parsed, _) =>
            {
                var catalog = new WorkflowCatalog(session.Configuration.Workflows);
                List<Diagnostic> findings = [.. catalog.All.SelectMany(workflow => Check(session, workflow))];
                if (parsed.GetValue(json))
                {
                    var answer = WorkflowsAnswer.From(catalog.All, findings);
                    return Task.FromResult(session.WriteJson(answer, ReadableJson.Commands.WorkflowsAnswer));
                }

                var table = new TextTable("WORKFLOW", "FROM", Column.Whole("STEPS"), Column.Whole("GATES"), "STAGES");
                foreach (var workflow in catalog.All)
                {
                    table.Add(
                        workflow.Name,
                        ReferenceEquals(workflow, BuiltInWorkflow.Default) ? "built in" : "mcp_startup.json",
                        workflow.Stages.Sum(static stage => stage.Steps.Count).ToString(),
                        workflow.Stages.Sum(static stage => stage.Gates.Count).ToString(),
                        string.Join(" > ", workflow.Stages.Select(static stage => stage.Name))
                    );
                }

                table.Write(session.Output);
                WriteDiagnostics(session, findings);
                return Task.FromResult(ExitCode.Ok);
            }
        );
    }

    private static Command Show()
    {
        var name = new Argument<string>("WORKFLOW")
        {
            Description = "The workflow.",
            DefaultValueFactory = static _ => WorkflowDefinition.DefaultName,
        };
        var task = new Option<string?>("--task")
        {
            HelpName = "TEXT",
            Description = "What the cycle would be for; with it the modes are chosen that are not named.",
        };
        var mermaid = new Option<bool>("--mermaid") { Description = "Print a Mermaid flowchart." };
        var json = new Option<bool>("--json") { Description = "Print one JSON document." };
        var command = new Command(
            "show",
            "Show what a cycle of a workflow would do, step by step: a dry run, which executes and changes nothing. Ends "
                + "with 1 when no cycle of it could begin, and says why."
        )
        {
            name,
            task,
            mermaid,
            json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(mermaid) && result.GetValue(json))
            {
                result.AddError("--mermaid and --json exclude each other; give one of them.");
            }

            if (result.GetValue(task) is { } text && string.IsNullOrWhiteSpace(text))
            {
                result.AddError("--task is empty; say what the cycle would be for, or leave it out.");
            }
        });
        return command.OnWorkspace(
            (session, parsed, _) =>
            {
                var workflow = new WorkflowCatalog(session.Configuration.Workflows).Get(parsed.GetValue(name)!);
                var plan = WorkflowPlan.Make(
                    workflow,
                    parsed.GetValue(task),
                    session.Workspace.Modes.Catalog,
                    session.Workspace.Agents,
                    session.Configuration.Limits,
                    Check(session, workflow)
                );
                if (parsed.GetValue(json))
                {
                    session.Output.WriteLine(
                        JsonSerializer.Serialize(WorkflowPlanResult.From(plan), ReadableJson.Tools.WorkflowPlanResult)
                    );
                }
                else if (parsed.GetValue(mermaid))
                {
                    session.Output.Write(WorkflowDiagram.Write(plan));
                    WriteDiagnostics(session, plan.Diagnostics);
                }
                else
                {
                    session.Output.WriteLine(ReadableText.Block(WorkflowPlanText.Write(plan)));
                }

                return Task.FromResult(plan.CanBegin ? ExitCode.Ok : ExitCode.Failed);
            }
        );
    }

    private static void WriteDiagnostics(CommandSession session, IReadOnlyList<Diagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics)
        {
            session.Error.WriteLine(SafeText.Escape(diagnostic.ToString()));
        }
    }

    private static IReadOnlyList<Diagnostic> Check(CommandSession session, WorkflowDefinition workflow)
    {
        var workspace = session.Workspace;
        return WorkflowCheck.Check(
            workflow,
            workspace.Modes.Catalog,
            workspace.Agents,
            workspace.Paths.Display(session.Options.ConfigFile.Value),
            GitFolder.WhyNone(workspace.Paths.Root)
        );
    }
}
