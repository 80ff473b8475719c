using System.CommandLine;
using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary><c>trust</c>: the user's word that this workspace's programs may be started.</summary>
internal static class TrustCommand
{
    public static Command Create()
    {
        var revoke = new Option<bool>("--revoke") { Description = "Take the word back." };
        var command = new Command("trust", "Let this workspace's configured commands and agents be executed, from now on. Recorded outside the workspace; a running server takes notice by itself.") { revoke };
        command.SetAction((parsed, _) =>
        {
            using var session = CommandSession.Open(parsed, needsConfiguration: !parsed.GetValue(revoke));
            return Task.FromResult(session is null ? ExitCode.InvalidConfiguration : parsed.GetValue(revoke) ? Revoke(session) : Record(session));
        });
        return command;
    }

    private static int Record(CommandSession session)
    {
        var trust = session.Workspace.Trust;
        trust.Record();
        session.Output.WriteLine($"{session.Workspace.Paths.Root} is trusted.");
        session.Output.WriteLine($"Recorded in {trust.RecordFile}");
        var programs = session.Configuration.Agents.Values.Where(static agent => agent.Kind != AgentKind.Handoff).OrderBy(static agent => agent.Name, StringComparer.Ordinal).ToList();
        if (programs.Count == 0)
        {
            session.Output.WriteLine("No agent program is configured, so nothing is started by it yet. What mcp_startup.json names under \"agents\" from now on may be.");
        }
        else
        {
            session.Output.WriteLine("These programs may be started now, by schedules and by anyone who asks for a run:");
            var table = new TextTable("AGENT", "KIND", "PROGRAM");
            foreach (var agent in programs)
            {
                table.Add(agent.Name, agent.Kind.Name(), Program(agent));
            }

            table.Write(session.Output, "  ");
        }

        if (session.Options.TrustWorkspace.Value == false)
        {
            session.Output.WriteLine($"{session.Options.TrustWorkspace.Source} says no and beats the record for every program that sees it.");
        }

        session.Output.WriteLine("Take it back with: loop-orchestrator trust --revoke");
        return ExitCode.Ok;
    }

    private static int Revoke(CommandSession session)
    {
        var trust = session.Workspace.Trust;
        session.Output.WriteLine(trust.Revoke()
            ? $"{session.Workspace.Paths.Root} is not trusted: its commands and agents are not started any more."
            : $"No trust in {session.Workspace.Paths.Root} was recorded, so there was none to take back.");
        session.Output.WriteLine($"Recorded in {trust.RecordFile}");
        session.Output.WriteLine("Runs that are going on go on. A server that was started with --trust-workspace or LOOP_TRUST_WORKSPACE=1 keeps that word until it ends.");
        return ExitCode.Ok;
    }

    private static string Program(AgentDefinition agent) =>
        ReadableText.Command([.. agent.Command, .. agent.Arguments])
        + (agent.Preset is { } preset ? (agent.Command.Count + agent.Arguments.Count > 0 ? " " : "") + $"(preset {SafeText.Escape(preset)})" : "");
}
