using System.CommandLine;
using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Configuration;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary>What a command works with: the workspace, put together without a host, a logger or a transport.</summary>
internal sealed class CommandSession : IDisposable
{
    private CommandSession(
        ResolvedConfiguration resolved,
        OrchestratorConfiguration configuration,
        bool isValid,
        InvocationConfiguration streams
    )
    {
        var options = resolved.Options;
        Warnings = [.. resolved.Problems.Select(static problem => problem.ToString())];
        Output = streams.Output;
        Error = streams.Error;
        Options = options;
        Configuration = configuration;
        IsValid = isValid;
        Workspace = new Workspace(
            new WorkspacePaths(options.Workspace.Value),
            configuration,
            WorkspaceFactory.Trust(options),
            SelfCommand.Get(),
            TimeProvider.System,
            NullLoggerFactory.Instance
        );
    }

    public ServerOptions Options { get; }

    /// <summary>What is wrong with the options, a line each; told already when the session was opened.</summary>
    public IReadOnlyList<string> Warnings { get; }

    public OrchestratorConfiguration Configuration { get; }

    /// <summary>Whether a server would start with this configuration; what is wrong has been told.</summary>
    public bool IsValid { get; }

    public Workspace Workspace { get; }

    public TextWriter Output { get; }

    public TextWriter Error { get; }

    /// <summary>Opens the workspace that the command line names, after telling what is wrong with the configuration.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="needsConfiguration">
    /// Whether the command is refused while the configuration holds an error. Looking and pausing are not: they are wanted most when
    /// something is wrong.
    /// </param>
    /// <returns>The session, or <see langword="null"/> where there is nothing to work on.</returns>
    public static CommandSession? Open(ParseResult parsed, bool needsConfiguration)
    {
        var resolved = ServerOptionsResolver.FromProcess(ServerSettings.Read(parsed));
        var paths = new WorkspacePaths(resolved.Options.Workspace.Value);
        if (resolved.Options.WorkspaceNote is { } note)
        {
            parsed.InvocationConfiguration.Error.WriteLine(note);
        }

        var (configuration, diagnostics) = WorkspaceFactory.ReadConfiguration(resolved.Options, paths);
        foreach (var problem in ConfigurationProblems.Join(resolved.Problems, diagnostics))
        {
            parsed.InvocationConfiguration.Error.WriteLine(problem.ToString());
        }

        var isValid = resolved.IsValid && !diagnostics.Any(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        if ((needsConfiguration && !isValid) || !IsWorkspace(paths.Root))
        {
            parsed.InvocationConfiguration.Error.WriteLine("Nothing was changed.");
            return null;
        }

        return new CommandSession(resolved, configuration, isValid, parsed.InvocationConfiguration);
    }

    /// <summary>Whether any server here may start programs now.</summary>
    public async Task<bool> HasTrustedServerAsync(CancellationToken cancellationToken) =>
        (await Workspace.Servers.AliveAsync(cancellationToken)).Any(static server => server.Trusted);

    public void Dispose() => Workspace.Dispose();

    private static bool IsWorkspace(string root) =>
        WorkspaceCheck.Refuse(root, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)) is null;
}
