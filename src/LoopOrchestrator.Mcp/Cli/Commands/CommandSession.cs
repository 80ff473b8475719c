using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Configuration;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Text;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Output;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Cli.Commands;

/// <summary>What a command works with: the workspace, put together without a host, a logger or a transport.</summary>
internal sealed class CommandSession : IDisposable
{
    private CommandSession(
        ResolvedConfiguration resolved,
        OrchestratorConfiguration configuration,
        IReadOnlyList<string> errors,
        InvocationConfiguration streams
    )
    {
        var options = resolved.Options;
        Warnings = [.. resolved.Problems.Select(static problem => problem.ToString())];
        Output = streams.Output;
        Error = streams.Error;
        Options = options;
        Configuration = configuration;
        Errors = errors;
        Workspace = WorkspaceFactory.Create(options, new WorkspacePaths(options.Workspace.Value), configuration);
    }

    public ServerOptions Options { get; }

    /// <summary>What is wrong with the options, a line each; told already when the session was opened.</summary>
    public IReadOnlyList<string> Warnings { get; }

    public OrchestratorConfiguration Configuration { get; }

    /// <summary>Why no server would start with this configuration, a line each; told already when the session was opened.</summary>
    public IReadOnlyList<string> Errors { get; }

    /// <summary>Whether a server would start with this configuration; what is wrong has been told.</summary>
    public bool IsValid => Errors.Count == 0;

    public Workspace Workspace { get; }

    public TextWriter Output { get; private set; }

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
        var problems = ConfigurationProblems.Join(resolved.Problems, diagnostics);
        foreach (var problem in problems)
        {
            parsed.InvocationConfiguration.Error.WriteLine(problem.ToString());
        }

        List<string> errors = [.. problems.Where(static problem => problem.IsError).Select(static problem => problem.ToString())];
        if ((needsConfiguration && errors.Count > 0) || !IsWorkspace(paths.Root))
        {
            parsed.InvocationConfiguration.Error.WriteLine("Nothing was changed.");
            return null;
        }

        return new CommandSession(resolved, configuration, errors, parsed.InvocationConfiguration);
    }

    /// <summary>
    /// A moment in a table: how long ago or ahead on a terminal, else as it is on the clock of a zone, with its offset.
    /// </summary>
    /// <param name="moment">The moment; none gives a sign for that.</param>
    /// <param name="zone">The zone; the machine's when not given.</param>
    public string Moment(DateTimeOffset? moment, TimeZoneInfo? zone = null) =>
        moment is { } value && TerminalWriter.WidthOf(Output) is not null
            ? RelativeTime.Of(value, Workspace.Time.GetUtcNow())
            : ReadableText.Moment(moment, zone ?? Workspace.Time.LocalTimeZone);

    /// <summary>
    /// A moment in a table where the very second matters. On a terminal it has no offset: <see cref="Clock"/> in the heading has that of
    /// them all.
    /// </summary>
    /// <param name="moment">The moment; none gives a sign for that.</param>
    /// <param name="zone">The zone elsewhere; the machine's when not given.</param>
    public string Exact(DateTimeOffset? moment, TimeZoneInfo? zone = null) =>
        moment is { } value && TerminalWriter.WidthOf(Output) is not null
            ? value.ToOffset(Offset).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
            : ReadableText.Moment(moment, zone ?? Workspace.Time.LocalTimeZone);

    /// <summary>The heading of a column of <see cref="Exact"/> moments.</summary>
    public Column Clock(string heading) =>
        Column.Whole(
            TerminalWriter.WidthOf(Output) is null
                ? heading
                : $"{heading} {DateTimeOffset.UnixEpoch.ToOffset(Offset).ToString("zzz", CultureInfo.InvariantCulture)}"
        );

    /// <summary>The id of a run as it stands in a line: short on a terminal.</summary>
    public string Id(string id) => TerminalWriter.WidthOf(Output) is not null && RunId.IsWellFormed(id) ? ShortId.Of(id) : id;

    /// <summary>The run that somebody means by an id, a part of one, or <c>last</c>.</summary>
    public async Task<Run> RunAsync(string text, CancellationToken cancellationToken) =>
        await Workspace.Runs.GetAsync(await Workspace.Runs.ResolveAsync(text, cancellationToken), cancellationToken);

    /// <summary>The id of the run that somebody means; <c>last</c> is the cycle that began last.</summary>
    public async Task<string> CycleIdAsync(string text, CancellationToken cancellationToken) =>
        text == "last" && await Workspace.Cycles.ListAsync(new RunFilter { Limit = 1 }, cancellationToken) is [var newest]
            ? newest.Run.Id
            : await Workspace.Runs.ResolveAsync(text, cancellationToken);

    /// <summary>
    /// The id of the schedule that somebody means: its id, or a part that fits one only. What fits none is left as it is, for whoever looks
    /// it up says what there is.
    /// </summary>
    public string ScheduleId(string text)
    {
        var ids = Workspace.Schedules.Source.Schedules.Select(static schedule => schedule.Id).ToList();
        if (text.Length == 0 || ids.Contains(text, StringComparer.Ordinal))
        {
            return text;
        }

        var part = new PartOfId(text, "schedule", prefix: "");
        return part.Choose([.. ids.Where(part.Fits)]) ?? text;
    }

    /// <summary>Has the answer printed elsewhere from now on.</summary>
    public void PrintTo(TextWriter output) => Output = output;

    /// <summary>Prints a document instead of text.</summary>
    /// <returns>The exit code for that.</returns>
    public int WriteJson<T>(T document, JsonTypeInfo<T> type)
    {
        Output.WriteLine(JsonSerializer.Serialize(document, type));
        return ExitCode.Ok;
    }

    /// <summary>Whether any server here may start programs now.</summary>
    public async Task<bool> HasTrustedServerAsync(CancellationToken cancellationToken) =>
        (await Workspace.Servers.AliveAsync(cancellationToken)).Any(static server => server.Trusted);

    public void Dispose() => Workspace.Dispose();

    private TimeSpan Offset => Workspace.Time.LocalTimeZone.GetUtcOffset(Workspace.Time.GetUtcNow());

    private static bool IsWorkspace(string root) =>
        WorkspaceCheck.Refuse(root, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)) is null;
}
