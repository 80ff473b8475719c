namespace LoopOrchestrator.Testing.Clients;

/// <summary>The two ways in which clients open a conversation.</summary>
public static class ProtocolEra
{
    /// <summary>The last revision with <c>initialize</c> and sessions.</summary>
    public const string Initialize = "2025-11-25";

    /// <summary>The revision in which every request stands for itself.</summary>
    public const string Stateless = "2026-07-28";
}
