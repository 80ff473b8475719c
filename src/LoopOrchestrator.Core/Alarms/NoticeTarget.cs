using LoopOrchestrator.Core.Trust;

namespace LoopOrchestrator.Core.Alarms;

/// <summary>Who is told of what: an entry of <c>notices</c> in <c>mcp_startup.json</c>.</summary>
/// <param name="Number">Which entry it is, from 0.</param>
public sealed record NoticeTarget(int Number)
{
    /// <summary>What it is told of; see <see cref="IncidentNames"/>.</summary>
    public required IReadOnlyList<string> On { get; init; }

    /// <summary>A program and its arguments, started with the notice on its standard input; none when empty.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>An address to which the notice is posted; https, or http on this machine.</summary>
    public Uri? Webhook { get; init; }

    /// <summary>The variable of the server's environment with the secret by which what is posted is signed.</summary>
    public string? SecretVariable { get; init; }

    /// <summary>
    /// By what deliveries know it: entries of the file may change their places while something is still to be delivered. One address with
    /// two secrets is two receivers, each with its own signature.
    /// </summary>
    public string Key =>
        TrustDigest.Of(
            (Webhook, SecretVariable) switch
            {
                (null, _) => [string.Join('\0', Command)],
                ({ } address, null) => [address.OriginalString],
                ({ } address, { } variable) => [address.OriginalString, variable],
            }
        )[..16];

    /// <summary>It in a word or two, without what may be a key.</summary>
    public string Describe() => $"notices[{Number}] ({(Webhook is { } address ? address.GetLeftPart(UriPartial.Authority) : Command[0])})";

    /// <summary>Whether it is told that an incident of this kind began.</summary>
    internal bool HearsBegin(IncidentKind kind) => On.Contains(kind.Name(), StringComparer.Ordinal);

    /// <summary>Whether it is told that one ended: of those whose begin it is told of, and of all where it names nothing else.</summary>
    internal bool HearsEnd(IncidentKind kind) =>
        On.Contains(IncidentNames.Recovered, StringComparer.Ordinal) && (On.Count == 1 || HearsBegin(kind));
}
