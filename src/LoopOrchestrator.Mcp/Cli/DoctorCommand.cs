using System.CommandLine;
using System.Text.Json;
using LoopOrchestrator.Mcp.Bootstrap;
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
        return new Command(
            "doctor",
            "Look for agent programs and their versions, whether the configured agents can be used, and what is wrong in "
                + "the workspace's files. "
                + "Ends with 0 when all is well and 5 when something needs a person. Asks programs on PATH for their "
                + "version, never one inside the workspace. Changes nothing."
        )
        {
            json,
        }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var diagnostics = WorkspaceFactory.ReadConfiguration(session.Options, session.Workspace.Paths).Diagnostics;
                var (paths, seen) = (session.Workspace.Paths, session.Workspace.Approved);
                var report = await Examination.RunAsync(
                    paths,
                    session.Options.ConfigFile.Value,
                    session.Configuration,
                    diagnostics,
                    seen,
                    File.Exists(paths.Database) ? await session.Workspace.Runs.HeldAgentsAsync(cancellationToken) : []
                );
                if (parsed.GetValue(json))
                {
                    await session.Output.WriteLineAsync(JsonSerializer.Serialize(report, DoctorJson.Readable.DoctorReport));
                }
                else
                {
                    Write(session.Output, report);
                }

                return report.Problems.Count == 0 && session.IsValid ? ExitCode.Ok : ExitCode.NeedsAttention;
            }
        );
    }

    private static void Write(TextWriter output, DoctorReport report)
    {
        if (report.Problems.Count > 0)
        {
            output.WriteLine("Needs attention");
            foreach (var problem in report.Problems)
            {
                output.WriteLine($"  - {SafeText.Escape(problem)}");
            }

            output.WriteLine();
        }

        foreach (var warning in report.Warnings)
        {
            output.WriteLine($"Warning: {SafeText.Escape(warning)}\n");
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
            output.WriteLine($"  not there: {string.Join(", ", missing)}");
        }

        output.WriteLine("\nConfigured agents");
        var agents = new TextTable("AGENT", "KIND", "PRESET", "USABLE", "PROGRAM");
        agents.Add("handoff", "handoff", null, "yes", null);
        agents.Add("commits", "command", null, "yes", "this program (commit --apply)");
        foreach (var agent in report.Agents)
        {
            agents.Add(agent.Name, agent.Kind, agent.Preset, agent.Usable ? "yes" : "no", agent.Path);
        }

        agents.Write(output, "  ");
        output.WriteLine("\nFiles");
        var files = new TextTable("FILE", "HEALTH");
        foreach (var file in report.Files)
        {
            files.Add(
                file.Name,
                file.Problems.Count > 0 ? $"{file.Problems.Count} finding(s), see above"
                    : file.Exists ? "good"
                    : "not there"
            );
        }

        files.Write(output, "  ");
        output.WriteLine("\nVariables whose values are taken out of output, answers and memory");
        output.WriteLine(
            $"  {(report.RedactedVariables.Count == 0 ? "none" : SafeText.Escape(string.Join(", ", report.RedactedVariables)))}"
        );
        output.WriteLine($"\nZone data\n  {SafeText.Escape(report.ZoneData.ToString())}");
    }
}
