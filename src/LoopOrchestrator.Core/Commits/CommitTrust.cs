using LoopOrchestrator.Core.Trust;

namespace LoopOrchestrator.Core.Commits;

/// <summary>What trust in the settings of commits covers: the gate, that there is no less of it, and that something is pushed.</summary>
public static class CommitTrust
{
    /// <summary>The option of <c>commit</c> by which a server hands on the digest of the entries that it has looked at.</summary>
    public const string ApprovedOption = "--seen";

    /// <summary>All entries.</summary>
    public static IReadOnlyList<TrustedEntry> Entries(CommitSettings settings, string file)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var place = $"{file}: commit.gate";
        var gates = settings
            .Gate.Select(command =>
                TrustedEntry.OfCommand(TrustedKind.CommitGate, $"{place}.{command.Name}", command.Command, command.ExitCode)
            )
            .ToList();
        return
        [
            .. gates,
            TrustedEntry.OfGuards(TrustedKind.CommitGate, place, new([$"{place}."], [.. gates.Select(static gate => gate.Place)])),
            .. settings.Push
                ? [TrustedEntry.Create(TrustedKind.Push, $"{file}: commit.push", "git push to the branch's upstream", [])]
                : (TrustedEntry[])[],
        ];
    }
}
