using System.Security.Cryptography;
using System.Text;
using LoopOrchestrator.Core.Processes;
using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Runs;

/// <summary>
/// Who calls, as far as the door through which the call came can tell. Nothing of it is taken from an argument of the call.
/// </summary>
public sealed record RunCaller
{
    private const char Separator = '/';

    /// <summary>Somebody of whom nothing is known: a command, or a client without a session.</summary>
    public static RunCaller Unknown { get; } = new();

    /// <summary>
    /// The client while its process or session lives: the identity of the server process that serves it, and behind a slash the hash of
    /// its session where that process serves several. <see langword="null"/> when one call cannot be told to come from the same client as
    /// another.
    /// </summary>
    public string? Owner { get; init; }

    /// <summary>The run whose agent has started this process (<c>LOOP_RUN_ID</c>).</summary>
    public string? RunId { get; init; }

    /// <summary>What proves that (<c>LOOP_RUN_TOKEN</c>): anybody can set an id.</summary>
    public string? RunToken { get; init; }

    /// <summary>The one client of this process, which serves it over standard input and output.</summary>
    public static RunCaller OfProcess() => OfEnvironment() with { Owner = ProcessIdentity.Current.ToString() };

    /// <summary>A session of this process. Its id opens the session to whoever knows it, so only a hash is kept.</summary>
    public static RunCaller OfSession(string sessionId) => new() { Owner = $"{ProcessIdentity.Current}{Separator}{HashOf(sessionId)}" };

    /// <summary>A command that an agent of a run may have started.</summary>
    public static RunCaller OfEnvironment() =>
        new() { RunId = Variable(RunEnvironment.RunId), RunToken = Variable(RunEnvironment.RunToken) };

    /// <summary>Whether the process that served an owner has ended.</summary>
    internal static bool IsGone(string? owner) => ProcessIdentity.Parse(owner?.Split(Separator)[0]) is { } process && !process.IsAlive();

    /// <summary>What this caller can show for a run without naming it.</summary>
    internal string? TokenOf(string runId) => RunId == runId ? RunToken : null;

    private static string HashOf(string sessionId) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sessionId)).AsSpan(0, 16));

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
