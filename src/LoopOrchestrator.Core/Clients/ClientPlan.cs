namespace LoopOrchestrator.Core.Clients;

/// <summary>What installing or uninstalling would do. Nothing is changed until it is applied.</summary>
/// <param name="Client">The client's name.</param>
/// <param name="Changes">The files.</param>
/// <param name="Notes">What its user should know.</param>
public sealed record ClientPlan(string Client, IReadOnlyList<ClientChange> Changes, IReadOnlyList<string> Notes)
{
    /// <summary>What the user does afterwards, so that the client takes notice.</summary>
    public required string Afterwards { get; init; }

    /// <summary>Whether all is as it should be already.</summary>
    public bool IsNone => Changes.All(static change => change.IsNone);
}
