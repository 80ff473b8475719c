using System.Text.Json.Nodes;

namespace LoopOrchestrator.DummyAgent;

/// <summary>How the server is started that a preset names to its program, wherever that program looks for it.</summary>
internal sealed record WayBack(string Command, string[] Arguments, Dictionary<string, string?> Variables)
{
    private const string CodexOption = "mcp_servers.loop=";

    /// <summary>What is started and the variables it gets, without the value of the one that is secret.</summary>
    public override string ToString() =>
        $"{Command} {string.Join(' ', Arguments)} "
        + string.Join(' ', Variables.OrderBy(static variable => variable.Key, StringComparer.Ordinal).Select(Shown));

    private static string Shown(KeyValuePair<string, string?> variable) =>
        variable.Key.EndsWith("TOKEN", StringComparison.Ordinal) ? variable.Key : $"{variable.Key}={variable.Value}";

    public static WayBack Find(IReadOnlyList<string> options)
    {
        if (options.FirstOrDefault(static option => option.StartsWith(CodexOption, StringComparison.Ordinal)) is { } override_)
        {
            return FromToml(override_[CodexOption.Length..]);
        }

        foreach (var variable in new[] { "OPENCODE_CONFIG_CONTENT", "KILO_CONFIG_CONTENT" })
        {
            if (Environment.GetEnvironmentVariable(variable) is { } content)
            {
                var server = JsonNode.Parse(content)!["mcp"]!["loop"]!;
                var command = Texts(server["command"]!);
                return new WayBack(command[0], command[1..], Map(server["environment"]!));
            }
        }

        var file = Option.Value(options, "--mcp-config")
            ?? Option.Value(options, "--additional-mcp-config")?.TrimStart('@')
            ?? (Environment.GetEnvironmentVariable("GEMINI_CLI_HOME") is { } home ? Path.Combine(home, ".gemini", "settings.json") : null)
            ?? Environment.GetEnvironmentVariable("CLINE_MCP_SETTINGS_PATH")
            ?? Environment.GetEnvironmentVariable("LOOP_MCP_CONFIG")
            ?? throw new InvalidOperationException("Nothing names a server to call.");
        var (_, entry) = JsonNode.Parse(File.ReadAllText(file))!["mcpServers"]!.AsObject().Single();
        return new WayBack((string)entry!["command"]!, Texts(entry["args"]!), Map(entry["env"]!));
    }

    // Its inline tables become JSON by three replacements, as long as no value holds their punctuation; the tests' folders do not.
    private static WayBack FromToml(string table)
    {
        var json = table
            .Replace("command=", "\"command\":", StringComparison.Ordinal)
            .Replace(",args=", ",\"args\":", StringComparison.Ordinal)
            .Replace(",env=", ",\"env\":", StringComparison.Ordinal)
            .Replace("\"=\"", "\":\"", StringComparison.Ordinal);
        json = json[..(json.IndexOf('}', StringComparison.Ordinal) + 1)] + "}";
        var server = JsonNode.Parse(json)!;
        return new WayBack((string)server["command"]!, Texts(server["args"]!), Map(server["env"]!));
    }

    private static string[] Texts(JsonNode list) => [.. list.AsArray().Select(static item => (string)item!)];

    private static Dictionary<string, string?> Map(JsonNode variables) =>
        variables
            .AsObject()
            .ToDictionary(static variable => variable.Key, static variable => (string?)variable.Value, StringComparer.Ordinal);
}
