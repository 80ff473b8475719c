using System.CommandLine;
using System.Text.Json;
using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Commands;
using LoopOrchestrator.Mcp.Cli.Output;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Doctor;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary><c>doctor</c>: which agents there are and whether they can be used, and how the workspace's files are.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print one JSON document." };
        var files = new Option<string?>("--files")
        {
            HelpName = "FOLDER",
            Description =
                "Read all files below this folder instead that look like a workspace's (schedules, modes and agents of any tool, "
                + "time logs, memories, plans) and say what is wrong in them. Ends with 1 when there is an error.",
        };
        return new Command(
            "doctor",
            "Look for agent programs and their versions, whether the configured agents can be used, and what is wrong in "
                + "the workspace's files. "
                + "Ends with 0 when all is well and 5 when something needs a person. Asks programs on PATH for their "
                + "version, never one inside the workspace. Changes nothing."
        )
        {
            json,
            files,
        }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                if (parsed.GetValue(files) is { } folder)
                {
                    return ExamineFiles(session, folder, parsed.GetValue(json));
                }

                var paths = session.Workspace.Paths;
                var diagnostics = WorkspaceFactory.ReadConfiguration(session.Options, paths).Diagnostics;
                var status = await session.Workspace.Status.ReadAsync(cancellationToken);
                var file = session.Options.ConfigFile.Value;
                status = status with { Sentences = [.. session.Errors, .. status.Sentences] };
                var report = await Examination.RunAsync(paths, file, session.Configuration, diagnostics, status);
                if (parsed.GetValue(json))
                {
                    await session.Output.WriteLineAsync(JsonSerializer.Serialize(report, DoctorJson.Readable.DoctorReport));
                }
                else
                {
                    Write(session.Output, report, status.Sentences);
                }

                return report.Problems.Count == 0 ? ExitCode.Ok : ExitCode.NeedsAttention;
            }
        );
    }

    private static int ExamineFiles(CommandSession session, string folder, bool asJson)
    {
        var full = Path.GetFullPath(folder);
        if (!Directory.Exists(full))
        {
            throw new UserErrorException($"There is no folder {full}. Name one with --files.");
        }

        var report = FilesReport.From(full, FolderExamination.Examine(full, session.Workspace.Time.LocalTimeZone));
        if (asJson)
        {
            session.WriteJson(report, DoctorJson.Readable.FilesReport);
        }
        else
        {
            WriteFiles(session.Output, report);
        }

        return report.Errors == 0 ? ExitCode.Ok : ExitCode.Failed;
    }

    private static void WriteFiles(TextWriter output, FilesReport report)
    {
        var table = new TextTable("FILE", Column.Whole("KIND"), Column.Whole("HOLDS"), Column.Whole("FINDINGS"));
        foreach (var file in report.Files)
        {
            table.Add(file.File, file.Kind, file.Count.ToString(), file.Findings.Count.ToString());
        }

        if (table.Count > 0)
        {
            table.Write(output);
        }

        foreach (var finding in report.Files.SelectMany(static file => file.Findings))
        {
            output.WriteWrapped(SafeText.Escape(finding), 2);
        }

        output.WriteLine($"{report.Files.Count} files that look like a workspace's, {report.Errors} errors");
    }

    private static void Write(TextWriter output, DoctorReport report, IReadOnlyList<string> problems)
    {
        if (problems.Count > 0)
        {
            output.WriteLine("Needs attention");
            foreach (var problem in problems)
            {
                output.WriteWrapped($"  - {SafeText.Escape(CommandWords.Of(problem))}", 4);
            }

            output.WriteLine();
        }

        foreach (var warning in report.Warnings)
        {
            output.WriteWrapped($"Warning: {SafeText.Escape(warning)}", 2);
            output.WriteLine();
        }

        output.WriteLine("Agent programs on PATH");
        var programs = new TextTable("PROGRAM", "VERSION", "PATH");
        foreach (var program in report.Programs.Where(static program => program.Path is not null))
        {
            programs.Add(program.Name, program.Version ?? $"unknown: {program.Problem}", program.Path);
        }

        if (programs.Count > 0)
        {
            programs.Write(output, "  ");
        }

        var missing = report.Programs.Where(static program => program.Path is null).Select(static program => program.Name).ToList();
        if (missing.Count > 0)
        {
            output.WriteWrapped($"  not there: {string.Join(", ", missing)}", 4);
        }

        output.WriteLine("\nConfigured agents");
        var agents = new TextTable("AGENT", "KIND", "PRESET", Column.States("USABLE"), "PROGRAM");
        agents.Add("handoff", "handoff", null, "yes", null);
        agents.Add("commits", "command", null, "yes", "this program (commit --apply)");
        foreach (var agent in report.Agents)
        {
            agents.Add(agent.Name, agent.Kind, agent.Preset, agent.Usable ? "yes" : "no", agent.Path);
        }

        agents.Write(output, "  ");
        foreach (var agent in report.Agents)
        {
            foreach (var warning in agent.Warnings)
            {
                output.WriteWrapped($"  - Agent '{SafeText.Escape(agent.Name)}': {SafeText.Escape(warning)}.", 4);
            }
        }

        output.WriteLine("\nFiles");
        var files = new TextTable("FILE", "HEALTH");
        foreach (var file in report.Files)
        {
            files.Add(
                file.Name,
                file.Problems.Count > 0 ? $"{file.Problems.Count} finding(s), see below"
                    : file.Exists ? "good"
                    : "not there"
            );
        }

        files.Write(output, "  ");
        output.WriteLine("\nVariables whose values are taken out of output, answers and memory");
        output.WriteWrapped(
            $"  {(report.RedactedVariables.Count == 0 ? "none" : SafeText.Escape(string.Join(", ", report.RedactedVariables)))}",
            2
        );
        output.WriteLine("\nZone data");
        output.WriteWrapped($"  {SafeText.Escape(report.ZoneData.ToString())}", 2);
        output.WriteLine("\nAudit log of what is done over HTTP");
        output.WriteWrapped($"  {SafeText.Escape(report.AuditLog.ToString())}", 2);
        var findings = report.Files.SelectMany(static file => file.Problems).ToList();
        if (findings.Count > 0)
        {
            output.WriteLine("\nFindings in the files");
            foreach (var finding in findings)
            {
                output.WriteWrapped($"  - {SafeText.Escape(finding)}", 4);
            }
        }
    }
}
