using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Agents.Detection;
using LoopOrchestrator.Core.Configuration;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Recovery;
using LoopOrchestrator.Core.Scheduling.Calendar;
using LoopOrchestrator.Core.Storage;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using LoopOrchestrator.Core.Trust;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Served;

namespace LoopOrchestrator.Mcp.Info;

/// <summary>The compatibility check: would the server start here, and what would it find?</summary>
internal static class InfoCommand
{
    private const string Ok = "ok";
    private const string NeedsAttention = "needs_attention";

    private static readonly string[] HeldBackWithoutTrust =
    [
        "commands and agents configured in mcp_startup.json are not started",
        "due schedules that need them do not run",
    ];

    private static readonly TimeSpan VersionLimit = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(CommandLineValues commandLine, TextWriter output)
    {
        var selection = WorkspaceSelection.FromProcess();
        List<WorkspaceCandidate> candidates = selection.IsOfSeveral(commandLine)
            ? [.. selection.Read(commandLine).Select(one => WorkspaceCandidate.OfServer(one, commandLine))]
            : [];
        if (candidates.Count > 0)
        {
            var first = candidates.Find(static candidate => candidate.IsValid) ?? candidates[0];
            commandLine = commandLine with { Workspace = first.Workspace.Folder, MoreWorkspaces = [], AllWorkspaces = false };
        }

        var resolved = ServerOptionsResolver.FromProcess(commandLine);
        if (resolved.Options.WorkspaceNote is { } note)
        {
            StandardStreams.Error.WriteLine(note);
        }

        var report = await BuildAsync(resolved);
        if (candidates.Count > 1)
        {
            report = OfSeveral(report, candidates);
        }

        await output.WriteLineAsync(JsonSerializer.Serialize(report, InfoJson.Readable.InfoReport));
        return report.Status switch
        {
            Ok => ExitCode.Ok,
            NeedsAttention => ExitCode.NeedsAttention,
            _ => ExitCode.NotStartable,
        };
    }

    private static InfoReport OfSeveral(InfoReport report, List<WorkspaceCandidate> candidates)
    {
        var server = candidates.Find(static candidate => candidate.IsValid);
        List<InfoWorkspace> workspaces =
        [
            .. candidates
                .Select(one => server is null || one == server ? one : WorkspaceCandidate.Beside(one.Workspace, server.Options))
                .Select(static one => new InfoWorkspace(
                    one.Workspace.Name,
                    one.Workspace.Folder,
                    one.IsValid,
                    one.IsValid ? null : one.Trouble
                )),
        ];
        List<string> troubles =
        [
            .. workspaces
                .Where(static one => !one.Served)
                .Select(static one => $"The workspace '{one.Name}' ({one.Folder}) would not be served: {one.Problem}"),
        ];
        return report with
        {
            Status = report.Status == Ok && troubles.Count > 0 ? NeedsAttention : report.Status,
            Attention = [.. report.Attention, .. troubles],
            Workspaces = workspaces,
        };
    }

    private static async Task<InfoReport> BuildAsync(ResolvedConfiguration configuration)
    {
        var options = configuration.Options;
        var mode = ModeDetector.Resolve(options.Mode.Value);
        var trust = TrustDecision.From(options.TrustWorkspace, RecordedTrust.Find(options.Workspace.Value));
        var paths = new WorkspacePaths(options.Workspace.Value);
        var (orchestrator, diagnostics) = WorkspaceFactory.ReadConfiguration(options, paths);
        var seen = WorkspaceFactory.Approved(options, paths, orchestrator);
        var problems = ConfigurationProblems.Join(configuration.Problems, diagnostics).Select(Problem).ToList();
        var portProblem = options.Port.Value == 0 ? null : PortProbe.Refuse(options.Host.Value, options.Port.Value);
        if (portProblem is not null && mode == TransportMode.Http)
        {
            problems.Add(new InfoProblem("error", options.Port.Source, portProblem.Message));
        }

        var zones = ZoneDatabase.Find();
        if (zones.Warning(TimeProvider.System.GetUtcNow()) is { } old)
        {
            problems.Add(new InfoProblem("warning", "zone data", old));
        }

        if (Directory.Exists(paths.Root) && WorkspaceAccess.FindRefusal(paths) is { } refusal)
        {
            problems.Add(new InfoProblem("error", paths.Display(paths.State), $"Nothing can be recorded, so no server starts: {refusal}."));
        }

        var state = StateProblems(paths).ToList();
        problems.AddRange(state);
        var attention = configuration.IsValid ? await AttentionAsync(options, paths, orchestrator, state.Count > 0) : [];
        var programs = await AgentDetection.FindAsync(paths.Root, VersionLimit, TimeProvider.System);
        var startable = !problems.Exists(problem => string.Equals(problem.Severity, "error", StringComparison.Ordinal));
        return new InfoReport(
            !startable ? "not_startable"
                : attention.Count > 0 ? NeedsAttention
                : Ok,
            problems,
            attention,
            Product.Name,
            Product.Version,
            Runtime(),
            InfoZones.Of(zones),
            new InfoProtocol("ModelContextProtocol", Product.SdkVersion, Product.ProtocolRevisions, ["stdio", "http"]),
            new InfoServing(
                mode == TransportMode.Stdio ? "stdio" : "http",
                (options.Http.Certificate.Value is null ? "http" : "https")
                    + HostName.Url(options.Host.Value, options.Port.Value)["http".Length..]
                    + "/mcp",
                portProblem is null,
                options.TokenFile.Value is not null || options.Http.OAuth.Value is not null
            ),
            Options(options),
            new InfoTrust(trust.Trusted, trust.Source, trust.Trusted ? Held(seen) : HeldBackWithoutTrust, seen.Note()),
            await WorkspaceFiles.InspectAsync(
                paths,
                options.ConfigFile.Value,
                FileInspectors.For(options.ConfigFile.Value, orchestrator, diagnostics)
            ),
            programs.ToDictionary(static program => program.Name, static program => program.Path, StringComparer.Ordinal),
            programs
                .Where(static program => program.Path is not null)
                .ToDictionary(static program => program.Name, static program => program.Version, StringComparer.Ordinal),
            AgentEnvironment.Everybody,
            ConfiguredAgents.Find(orchestrator, paths.Root)
        );
    }

    // What status and doctor say too. A state that looking at would mend is told as it is: this changes nothing.
    private static async Task<IReadOnlyList<string>> AttentionAsync(
        ServerOptions options,
        WorkspacePaths paths,
        OrchestratorConfiguration configuration,
        bool isStateOdd
    )
    {
        using var workspace = WorkspaceFactory.Create(options, paths, configuration);
        if (isStateOdd || (!File.Exists(paths.Database) && Directory.Exists(paths.Runs)))
        {
            return
            [
                .. workspace.Status.StartingNothing.Select(static problem => $"{problem}."),
                .. isStateOdd ? (string[])[$"{paths.Display(paths.Database)} is not as it should be; see problems."] : [],
            ];
        }

        try
        {
            return (await workspace.Status.ReadAsync()).Attention;
        }
        catch (UserErrorException exception)
        {
            return [exception.Message];
        }
    }

    private static List<string> Held(ApprovedEntries seen) => [.. seen.Held().Select(static held => $"{held}. {ApprovedEntries.HowTo}.")];

    private static InfoProblem Problem(ConfigurationProblem problem) =>
        new(problem.IsError ? "error" : "warning", problem.Source, problem.Message);

    // A warning: the server starts, sets a damaged database aside and makes a new one.
    private static IEnumerable<InfoProblem> StateProblems(WorkspacePaths paths)
    {
        var told = DamageNotes.Describe(paths, TimeProvider.System.GetUtcNow()).ToList();
        if (LostState.Find(paths, TimeProvider.System) is { } lost)
        {
            told.Add(lost);
        }

        try
        {
            if (DatabaseFile.FindDamage(paths.Database) is { } damage)
            {
                told.Add(
                    $"The state database is damaged: {damage}. The next server sets it aside and makes a new one from the "
                        + "files of the workspace."
                );
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            told.Add($"The state database cannot be read: {exception.Message}");
        }

        return told.Select(text => new InfoProblem("warning", paths.Display(paths.Database), text));
    }

    private static InfoRuntime Runtime() =>
        new(
            RuntimeInformation.FrameworkDescription,
            RuntimeInformation.OSDescription,
            RuntimeInformation.ProcessArchitecture.ToString(),
            RuntimeFeature.IsDynamicCodeSupported ? "jit" : "native"
        );

    private static Dictionary<string, InfoOption> Options(ServerOptions options) =>
        new(StringComparer.Ordinal)
        {
            ["mode"] = new(
                options.Mode.Value switch
                {
                    TransportMode.Stdio => "stdio",
                    TransportMode.Http => "http",
                    _ => "auto",
                },
                options.Mode.Source
            ),
            ["host"] = new(options.Host.Value, options.Host.Source),
            ["port"] = new(options.Port.Value.ToString(), options.Port.Source),
            ["workspace"] = new(options.Workspace.Value, options.Workspace.Source),
            ["config"] = new(options.ConfigFile.Value, options.ConfigFile.Source),
            ["trust_workspace"] = new(
                options.TrustWorkspace.Value switch
                {
                    true => "true",
                    false => "false",
                    null => null,
                },
                options.TrustWorkspace.Source
            ),
            ["token_file"] = new(options.TokenFile.Value, options.TokenFile.Source),
            ["toolsets"] = new(options.Toolsets.Value, options.Toolsets.Source),
            ["claude_channel"] = new(options.ClaudeChannel.Value ? "true" : "false", options.ClaudeChannel.Source),
            ["allowed_hosts"] = new(string.Join(',', options.Http.AllowedHosts.Value), options.Http.AllowedHosts.Source),
            ["certificate"] = new(options.Http.Certificate.Value?.Certificate, options.Http.Certificate.Source),
            ["certificate_key"] = new(options.Http.Certificate.Value?.Key, options.Http.Certificate.Source),
            ["oauth_issuer"] = new(options.Http.OAuth.Value?.Issuer, options.Http.OAuth.Source),
            ["oauth_audience"] = new(Joined(options.Http.OAuth.Value?.Audiences), options.Http.OAuth.Source),
            ["oauth_jwks_uri"] = new(options.Http.OAuth.Value?.KeysAddress?.OriginalString, options.Http.OAuth.Source),
            ["oauth_scopes"] = new(Joined(options.Http.OAuth.Value?.Scopes), options.Http.OAuth.Source),
            ["requests_per_minute"] = new(options.Http.RequestsPerMinute.Value?.ToString(), options.Http.RequestsPerMinute.Source),
            ["connections"] = new(options.Http.Connections.Value.ToString(), options.Http.Connections.Source),
            ["max_request_bytes"] = new(options.Http.MaxRequestBytes.Value.ToString(), options.Http.MaxRequestBytes.Source),
        };

    private static string? Joined(IReadOnlyList<string>? texts) => texts is null ? null : string.Join(',', texts);
}
