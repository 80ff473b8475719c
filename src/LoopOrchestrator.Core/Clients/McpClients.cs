namespace LoopOrchestrator.Core.Clients;

/// <summary>Every client that is known, in the order of the documents. docs/clients.md has the same, and a test compares the two.</summary>
internal static class McpClients
{
    // Long enough for a machine that is busy; a first answer takes a fraction of a second.
    private const int StartupSeconds = 30;
    private const int CallSeconds = 120;
    private const string ClineFile = "cline_mcp_settings.json";

    private static EntryShape OpenCode { get; } =
        new()
        {
            StdioType = "local",
            HttpType = "remote",
            HasOneList = true,
            EnvironmentName = "environment",
            Reference = "{env:NAME}",
            Preferences = [new("enabled", EntryValue.Of(true), IsPreference: true)],
        };

    public static IReadOnlyList<McpClient> All { get; } =
    [
        new("cline", "Cline")
        {
            UserFiles = static places => [places.Named("CLINE_MCP_SETTINGS_PATH", ".cline", "data", "settings", ClineFile)],
            AlsoFile = static places =>
                Path.Combine(places.Applications, "Code", "User", "globalStorage", "saoudrizwan.claude-dev", "settings", ClineFile),
            Shape = new EntryShape
            {
                StdioType = "stdio",
                HttpType = "streamableHttp",
                Preferences =
                [
                    new("disabled", EntryValue.Of(false), IsPreference: true),
                    new("timeout", EntryValue.Of(CallSeconds), IsPreference: true),
                ],
            },
            TokenRefusal =
                "it sends a reference to a variable as it is written, so the token itself would have to stand in its file. Leave "
                + "--http out: over stdio it needs no token",
            Afterwards = "Start a new task; the extension shows it under MCP Servers.",
            SeenWith = "3.0.65",
        },
        new("vscode", "VS Code")
        {
            Container = "servers",
            UserFiles = static places => [Path.Combine(places.Applications, "Code", "User", "mcp.json")],
            ProjectFiles = [".vscode/mcp.json"],
            Shape = new EntryShape
            {
                StdioType = "stdio",
                HttpType = "http",
                Reference = "${input:loop-token}",
            },
            AsksForToken = true,
            Afterwards = "Run 'MCP: List Servers' and start 'loop'.",
        },
        new("claude", "Claude Code")
        {
            UserFiles = static places =>
                [
                    places.Has("CLAUDE_CONFIG_DIR")
                        ? Path.Combine(places.Named("CLAUDE_CONFIG_DIR"), ".claude.json")
                        : Path.Combine(places.Home, ".claude.json"),
                ],
            ProjectFiles = [".mcp.json"],
            Shape = new EntryShape
            {
                StdioType = "stdio",
                HttpType = "http",
                Preferences = [new("alwaysLoad", EntryValue.Of(true), IsPreference: true)],
            },
            SkillsFolder = static places => Path.Combine(places.Named("CLAUDE_CONFIG_DIR", ".claude"), "skills"),
            Afterwards = "Start a new session. An entry of a project is used once you have said yes to it there.",
            SeenWith = "2.1.332",
        },
        new("claude-desktop", "Claude Desktop")
        {
            UserFiles = static places => [Path.Combine(places.Applications, "Claude", "claude_desktop_config.json")],
            HttpRefusal =
                "its file takes servers that it starts itself (stdio); one with an address is added in its window, under Connectors, "
                + "and is called from the vendor's machines. Leave --http out",
            Afterwards = "Quit Claude Desktop and start it again.",
        },
        new("codex", "Codex")
        {
            IsToml = true,
            Container = "mcp_servers",
            UserFiles = static places => [Path.Combine(places.Named("CODEX_HOME", ".codex"), "config.toml")],
            ProjectFiles = [".codex/config.toml"],
            Shape = new EntryShape
            {
                TokenVariableName = "bearer_token_env_var",
                Preferences =
                [
                    // A user's entry serves one workspace: once that is gone, a required server would keep Codex from starting anywhere.
                    new("required", EntryValue.Of(true), IsPreference: true) { IsOfProject = true },
                    new("startup_timeout_sec", EntryValue.Of(StartupSeconds), IsPreference: true),
                ],
            },
            Afterwards = "Start a new session. An entry of a project is used where Codex trusts the project.",
            SeenWith = "0.171.0",
        },
        new("cursor", "Cursor")
        {
            UserFiles = static places => [Path.Combine(places.Home, ".cursor", "mcp.json")],
            ProjectFiles = [".cursor/mcp.json"],
            Shape = new EntryShape { Reference = "${env:NAME}" },
            Afterwards = "Restart Cursor and look under its MCP settings.",
        },
        new("opencode", "OpenCode")
        {
            Container = "mcp",
            UserFiles = static places =>
                [
                    Path.Combine(places.Configuration, "opencode", "opencode.jsonc"),
                    Path.Combine(places.Configuration, "opencode", "opencode.json"),
                ],
            ProjectFiles = ["opencode.jsonc", "opencode.json"],
            Shape = OpenCode,
            Afterwards = "Start a new session.",
            SeenWith = "1.18.33",
        },
        new("gemini", "Gemini CLI")
        {
            UserFiles = static places => [Path.Combine(places.Named("GEMINI_CLI_HOME"), ".gemini", "settings.json")],
            ProjectFiles = [".gemini/settings.json"],
            Shape = new EntryShape { HttpType = "http" },
            Afterwards = "Start a new session; the folder has to be one that Gemini CLI trusts.",
            SeenWith = "0.61.0",
        },
        new("kilo", "Kilo Code")
        {
            Container = "mcp",
            UserFiles = static places =>
                [Path.Combine(places.Configuration, "kilo", "kilo.json"), Path.Combine(places.Configuration, "kilo", "kilo.jsonc")],
            ProjectFiles = ["kilo.jsonc", "kilo.json", ".kilo/kilo.json", ".kilo/kilo.jsonc"],
            Shape = OpenCode,
            Afterwards = "Start a new session.",
            SeenWith = "7.7.9",
        },
        new("qwen", "Qwen Code")
        {
            UserFiles = static places => [Path.Combine(places.Home, ".qwen", "settings.json")],
            ProjectFiles = [".qwen/settings.json"],
            Shape = new EntryShape { UrlName = "httpUrl", Preferences = [new("alwaysLoadTools", EntryValue.Of(true), IsPreference: true)] },
            Afterwards = "Start a new session.",
            SeenWith = "0.24.4",
        },
    ];
}
