using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Agents.Supervision.Files;

/// <summary>
/// The folder of one attempt of a run, shared by the server that asks, the supervisor that acts, and the server that looks later.
/// </summary>
internal sealed class RunFolder(string path)
{
    private const string AttemptPrefix = "attempt-";

    // Orders and outcomes have kilobytes; a brief at most a few hundred of them.
    private const long MaxText = 16 * 1024 * 1024;

    public string FullPath => path;

    /// <summary>
    /// The folder of one attempt: the first one's is the run's own, each further one has a folder in it, so that none writes over another.
    /// </summary>
    public static RunFolder Of(string runPath, int attempt) =>
        new(attempt <= 1 ? runPath : Path.Combine(runPath, AttemptPrefix + attempt.ToString(CultureInfo.InvariantCulture)));

    /// <summary>
    /// The folder of the latest attempt that says of itself which one it is. For use without the database only, which knows the number;
    /// an agent can make folders here.
    /// </summary>
    public static RunFolder Latest(string runPath)
    {
        IEnumerable<string> folders = GuardedFolder.Exists(runPath) ? GuardedFolder.Folders(runPath, AttemptPrefix + "*") : [];
        return folders
            .Select(static folder => Path.GetFileName(folder)[AttemptPrefix.Length..])
            .Select(static text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 1)
            .Where(static number => number > 1)
            .OrderDescending()
            .Select(number => (Number: number, Folder: Of(runPath, number)))
            .FirstOrDefault(static one => one.Folder.ReadRun()?.Attempt == one.Number)
            .Folder
            ?? Of(runPath, 1);
    }

    /// <summary>What the agent was told.</summary>
    public string Brief => Path.Combine(path, "brief.md");

    /// <summary>Its output, both streams as they came.</summary>
    public string Output => Path.Combine(path, "output.log");

    /// <summary>How an MCP client finds its way back to this workspace.</summary>
    public string McpConfig => Path.Combine(path, "mcp.json");

    /// <summary>The home of a program that gets one for the run. It may hold what signs its user in, so it goes with the attempt.</summary>
    public string Home => Path.Combine(path, "home");

    /// <summary>The reason, once somebody asked for the run's end.</summary>
    public string Cancel => Path.Combine(path, "cancel");

    /// <summary>The reason, once a server ended the run without anybody having cancelled it.</summary>
    public string Interrupt => Path.Combine(path, "interrupt");

    /// <summary>Held by the supervisor as long as it lives; whoever else gets it knows that there is none.</summary>
    public string SupervisorLock => Path.Combine(path, "supervisor.lock");

    private string OrderFile => Path.Combine(path, "order.json");

    private string RecordFile => Path.Combine(path, "supervisor.json");

    private string OutcomeFile => Path.Combine(path, "outcome.json");

    private string WarningFile => Path.Combine(path, "warning.json");

    private string SpentFile => Path.Combine(path, "spent.json");

    private string RunFile => Path.Combine(path, "run.json");

    private string ReportFile => Path.Combine(path, "report.json");

    public void Create() => GuardedFolder.Create(path);

    /// <summary>Whether it is a folder, no link to one, and nothing is in it.</summary>
    public bool IsEmpty => new DirectoryInfo(path) is { Exists: true, LinkTarget: null } folder && !folder.EnumerateFileSystemInfos().Any();

    /// <summary>Makes the folder; false when something of its name is there already.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public bool TryCreate() => NewFolder.TryCreate(path);

    /// <summary>
    /// What the run is. <see langword="null"/> where nothing of ours says it: before its start, in folders of versions that wrote no
    /// <c>run.json</c>, and where what lies there is no record or cannot be one, because an agent has written it. The same holds for all
    /// files that are read here.
    /// </summary>
    /// <exception cref="IOException">It is there and cannot be read now; nothing is to be concluded from that.</exception>
    public RunRecord? ReadRun() =>
        Read(RunFile, static () => RunFolderJson.Default.RunRecord) is { Mode: not null, Task: not null, Agent: not null } record
        && Enum.IsDefined(record.AgentKind)
        && Enum.IsDefined(record.Priority)
        && record.TimeoutSeconds is > 0 and <= RunLimits.MaxTimeoutSeconds
            ? record
            : null;

    /// <summary>What its agent reported; <see langword="null"/> when it has not, or the database alone knows it.</summary>
    // Generated JSON code leaves what is missing in the text null.
    public RunReport? ReadReport() =>
        Read(ReportFile, static () => RunFolderJson.Default.RunReport)
            is { Summary: not null, Outcome: RunState.Succeeded or RunState.Failed or RunState.NeedsInput } report
            ? report with
            {
                Findings = report.Findings ?? [],
                FollowUps = report.FollowUps ?? [],
                Questions = report.Questions ?? [],
            }
            : null;

    /// <summary>
    /// What its supervisor is to do; <see langword="null"/> for a run without one, before the order is given, and when it was removed with
    /// the end of the attempt.
    /// </summary>
    public SupervisorOrder? ReadOrder() => DurableFile.ReadOrNull(OrderFile) is { } text ? SupervisorJson.ReadOrder(text) : null;

    /// <summary>Not synced: whoever could come late and read it does not outlive the machine.</summary>
    public void RemoveOrder() => GuardedFile.Delete(OrderFile);

    /// <summary>Removes the home of its program with all that is in it; what links there lead to stays.</summary>
    /// <exception cref="IOException">It cannot be removed.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be removed.</exception>
    public void RemoveHome() => GuardedFolder.Delete(Home);

    /// <summary>
    /// What its supervisor wrote of itself; <see langword="null"/> as long as none has come up, and for a run without one.
    /// </summary>
    public SupervisorRecord? ReadRecord() =>
        Read(RecordFile, static () => RunFolderJson.Default.SupervisorRecord) is { Supervisor: not null } record ? record : null;

    /// <summary>Whether a supervisor has come up here, also where what it wrote of itself cannot be read any more.</summary>
    public bool HasBegun => GuardedFile.Exists(RecordFile) || GuardedFile.Exists(Output);

    /// <summary>
    /// How it ended; <see langword="null"/> as long as it goes on, and when its supervisor was killed before it could say. Whether it is
    /// the supervisor's own word, only its secret tells (see <see cref="OutcomeProof"/>).
    /// </summary>
    // A number that names no end would be taken for one; it is none of ours either.
    public SupervisorOutcome? ReadOutcome() =>
        Read(OutcomeFile, static () => RunFolderJson.Default.SupervisorOutcome) is { } outcome && Enum.IsDefined(outcome.End)
            ? outcome
            : null;

    /// <summary>When it came close to its time limit; <see langword="null"/> when it has not yet, or never did.</summary>
    public SupervisorWarning? ReadWarning() => Read(WarningFile, static () => RunFolderJson.Default.SupervisorWarning);

    /// <summary>What it has cost so far; <see langword="null"/> as long as its agent has told nothing of that.</summary>
    public SupervisorSpent? ReadSpent() => Read(SpentFile, static () => RunFolderJson.Default.SupervisorSpent);

    public void Write(RunRecord record) => Write(RunFile, record, RunFolderJson.Default.RunRecord);

    public void Write(RunReport report) => Write(ReportFile, report, RunFolderJson.Default.RunReport);

    /// <summary>For the user only: the environment of the agent is in it, with the token of its run.</summary>
    public void Write(SupervisorOrder order) =>
        DurableFile.ReplacePrivate(OrderFile, JsonSerializer.SerializeToUtf8Bytes(order, RunFolderJson.Default.SupervisorOrder));

    public void Write(SupervisorRecord record) => DurableFile.Replace(RecordFile, SupervisorJson.Write(record));

    /// <summary>Written once, by whoever holds the lock. What lies in its place and is no outcome is moved aside.</summary>
    public void Write(SupervisorOutcome outcome)
    {
        if (IsOutcomeForeign())
        {
            SetOutcomeAside();
        }

        DurableFile.Replace(OutcomeFile, SupervisorJson.Write(outcome));
    }

    /// <summary>Moves what lies in the place of the outcome aside; for whoever holds the lock, and knows that it wrote none.</summary>
    /// <returns>Where it is kept; <see langword="null"/> when nothing was there.</returns>
    public string? SetOutcomeAside()
    {
        var aside = $"{OutcomeFile}.{Random.Shared.NextInt64():x}.foreign";
        if (Directory.Exists(OutcomeFile))
        {
            Directory.Move(OutcomeFile, aside);
        }
        else if (Path.Exists(OutcomeFile) || new FileInfo(OutcomeFile).LinkTarget is not null)
        {
            GuardedFile.Move(OutcomeFile, aside, overwrite: true);
        }
        else
        {
            return null;
        }

        return aside;
    }

    public void Write(SupervisorWarning warning) => Write(WarningFile, warning, RunFolderJson.Default.SupervisorWarning);

    /// <summary>
    /// As <see cref="Write(SupervisorRecord)"/>, once more, with what helps as long as the machine runs: it is not synced.
    /// </summary>
    public void Complete(SupervisorRecord record) => DurableFile.ReplaceUnsynced(RecordFile, SupervisorJson.Write(record));

    /// <summary>Not synced: it is of use only as long as the machine runs.</summary>
    public void Write(SupervisorSpent spent) =>
        DurableFile.ReplaceUnsynced(SpentFile, JsonSerializer.SerializeToUtf8Bytes(spent, RunFolderJson.Default.SupervisorSpent));

    /// <summary>Why its end was asked for; <see langword="null"/> when it was not.</summary>
    public string? CancelReason() => ReadText(Cancel);

    /// <summary>Why a server ended it; <see langword="null"/> when none did.</summary>
    public string? InterruptReason() => ReadText(Interrupt);

    private bool IsOutcomeForeign()
    {
        try
        {
            return (Path.Exists(OutcomeFile) || new FileInfo(OutcomeFile).LinkTarget is not null) && ReadOutcome() is null;
        }
        catch (UnauthorizedAccessException)
        {
            // Whoever writes is the user who would have written it.
            return true;
        }
    }

    private static bool IsForeign(string file)
    {
        try
        {
            SpecialFile.Refuse(file);
            return new FileInfo(file).LinkTarget is not null || Directory.Exists(file);
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static string? ReadText(string file) =>
        DurableFile.ReadOrNull(file, MaxText) is { } text ? Encoding.UTF8.GetString(text) : null;

    // The type is asked for only where there is a text: describing it costs a process that starts more than looking.
    private static T? Read<T>(string file, Func<JsonTypeInfo<T>> type)
        where T : class
    {
        try
        {
            return DurableFile.ReadOrNull(file, MaxText) is { Length: > 0 } bytes ? JsonSerializer.Deserialize(bytes, type()) : null;
        }
        catch (Exception exception)
            when (exception is JsonException or LinkRefusedException or FileTooLargeException
                || (exception is (IOException or UnauthorizedAccessException) && IsForeign(file))
            )
        {
            // An agent can write here too; what is none of ours (a folder, a pipe, a link that leads nowhere) counts as not there.
            return null;
        }
    }

    private static void Write<T>(string file, T value, JsonTypeInfo<T> type) =>
        DurableFile.Replace(file, JsonSerializer.SerializeToUtf8Bytes(value, type));
}
