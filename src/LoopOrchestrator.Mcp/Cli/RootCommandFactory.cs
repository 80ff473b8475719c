using System.CommandLine;
using LoopOrchestrator.Mcp.Cli.Alarms;
using LoopOrchestrator.Mcp.Cli.Commands;
using LoopOrchestrator.Mcp.Cli.Moving;
using LoopOrchestrator.Mcp.Cli.Register;
using LoopOrchestrator.Mcp.Cli.Reports;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary>The whole command line. A sub-command is one file with a static <c>Create()</c>, added here.</summary>
internal static class RootCommandFactory
{
    private const string Description = """
        Runs coding agents on a project on schedules, and lets any MCP client see and drive it. Without a command it serves.

        Each option can also be set by a variable (LOOP_MODE, LOOP_HOST, LOOP_PORT, LOOP_WORKSPACE, LOOP_ALL_WORKSPACES, LOOP_CONFIG,
        LOOP_TRUST_WORKSPACE, LOOP_TOKEN_FILE, LOOP_ALLOWED_HOSTS, LOOP_CERTIFICATE, LOOP_CERTIFICATE_KEY, LOOP_TOOLSETS), and mode, host,
        port, tokenFile, http and toolsets in mcp_startup.json. An option beats a variable, which beats the file. --info shows what is in
        force and why.
        """;

    public static readonly Option<bool> Info = new("--info")
    {
        Description =
            "Print one JSON document about this installation and workspace, and end: 0 when all is well, 1 when the server would not "
            + "start here and why, 5 when it would and something needs a person. Changes nothing.",
    };

    public static RootCommand Create()
    {
        var root = new RootCommand(Description)
        {
            ServerSettings.Mode,
            ServerSettings.Host,
            ServerSettings.Port,
            ServerSettings.Workspace,
            ServerSettings.AllWorkspaces,
            ServerSettings.Config,
            ServerSettings.TrustWorkspace,
            ServerSettings.TokenFile,
            ServerSettings.AllowedHosts,
            ServerSettings.Certificate,
            ServerSettings.CertificateKey,
            ServerSettings.OAuthIssuer,
            ServerSettings.OAuthAudience,
            ServerSettings.ClaudeChannel,
            ServerSettings.Toolsets,
            Info,
            InitCommand.Create(),
            TrustCommand.Create(),
            TokenCommand.Create(),
            NamedWorkspaceCommand.Create(),
            StatusCommand.Create(),
            WatchdogCommand.Create(),
            DoctorCommand.Create(),
            RunCommand.Create(),
            RunsCommand.Create(),
            CyclesCommand.Create(),
            EscalationsCommand.Create(),
            SchedulesCommand.Create(),
            PauseCommand.Create(),
            ResumeCommand.Create(),
            ModesCommand.Create(),
            WorkflowsCommand.Create(),
            ExportCommand.Create(),
            ImportCommand.Create(),
            ClientCommands.Install(),
            ClientCommands.Uninstall(),
            MemoryCommand.Create(),
            TimingCommand.Create(),
            ReportCommand.Create(),
            TodoCommand.Create(),
            CommitCommand.Create(),
            CompletionCommand.Create(),
        };
        root.SetAction(
            (parsed, _) =>
                parsed.GetValue(Info)
                    ? Mcp.Info.InfoCommand.RunAsync(ServerSettings.Read(parsed), parsed.InvocationConfiguration.Output)
                    : ServeCommand.RunAsync(ServerSettings.Read(parsed))
        );
        return root;
    }
}
