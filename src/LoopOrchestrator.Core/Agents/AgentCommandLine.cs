using System.Globalization;
using System.Text.Json;
using LoopOrchestrator.Core.Agents.Supervision;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Runs;

namespace LoopOrchestrator.Core.Agents;

/// <summary>Turns an agent of the configuration into the exact program call for one run. No text of a caller ever becomes an option or passes a shell.</summary>
internal static class AgentCommandLine
{
    /// <summary>The name under which an agent sees this server among its MCP servers.</summary>
    public const string ServerName = "loop";

    /// <summary>Presets that are known.</summary>
    public static readonly IReadOnlyList<string> Presets = [ClaudeEvents.Name];

    /// <summary>The program of an agent before it is looked up.</summary>
    public static string Program(AgentDefinition agent) => agent.Command.Count > 0 ? agent.Command[0] : agent.Preset ?? "";

    /// <summary>The call: arguments behind the program, whether the brief goes to standard input, and the dialect of its events.</summary>
    public static (IReadOnlyList<string> Arguments, bool BriefOnInput, string? Events) Build(
        AgentDefinition agent,
        Mode mode,
        string brief,
        RunFolder folder,
        Guid session)
    {
        var arguments = agent.Command.Skip(1).ToList();
        if (agent.Kind == AgentKind.Command)
        {
            return (arguments, false, null);
        }

        if (agent.Preset == ClaudeEvents.Name)
        {
            arguments.AddRange(["-p", "--output-format", "stream-json", "--verbose", "--session-id", session.ToString()]);
            arguments.AddRange(["--mcp-config", folder.McpConfig]);
            if (mode.Groups.Any(static group => group.Name == ModeGroup.Edit))
            {
                arguments.AddRange(["--permission-mode", "acceptEdits"]);
            }

            arguments.AddRange(["--allowedTools", string.Join(',', ClaudeTools(mode))]);
            if (agent.Model is { } model)
            {
                arguments.AddRange(["--model", model]);
            }

            if (agent.MaxTurns is { } turns)
            {
                arguments.AddRange(["--max-turns", turns.ToString(CultureInfo.InvariantCulture)]);
            }

            if (agent.MaxBudgetUsd is { } budget)
            {
                arguments.AddRange(["--max-budget-usd", budget.ToString(CultureInfo.InvariantCulture)]);
            }

            arguments.AddRange(agent.Arguments);
            return (arguments, true, ClaudeEvents.Name);
        }

        arguments.AddRange(agent.Arguments);
        if (agent.PromptAsArgument)
        {
            arguments.Add(brief);
        }

        return (arguments, !agent.PromptAsArgument, null);
    }

    /// <summary>The file that tells an agent's CLI how to start this program as an MCP server on the same workspace.</summary>
    public static byte[] McpConfig(IReadOnlyList<string> selfCommand, string workspace, Run run)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("mcpServers");
            writer.WriteStartObject(ServerName);
            writer.WriteString("type", "stdio");
            writer.WriteString("command", selfCommand[0]);
            writer.WriteStartArray("args");
            foreach (var argument in selfCommand.Skip(1).Concat(["--mode", "stdio", "--workspace", workspace]))
            {
                writer.WriteStringValue(argument);
            }

            writer.WriteEndArray();
            writer.WriteStartObject("env");
            writer.WriteString(RunEnvironment.RunId, run.Id);
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    // Claude Code refuses every tool that is not allowed when nobody is there to ask, so the mode's groups are the limit.
    private static IEnumerable<string> ClaudeTools(Mode mode)
    {
        foreach (var group in mode.Groups.Select(static group => group.Name).Distinct(StringComparer.Ordinal))
        {
            string[] tools = group switch
            {
                ModeGroup.Read => ["Read", "Grep", "Glob"],
                ModeGroup.Edit => ["Edit", "Write", "NotebookEdit"],
                ModeGroup.Command => ["Bash"],
                _ => [],
            };
            foreach (var tool in tools)
            {
                yield return tool;
            }
        }

        yield return $"mcp__{ServerName}__*";
    }
}
