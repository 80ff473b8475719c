namespace LoopOrchestrator.Mcp.Hosting.OAuth;

/// <summary>The keys of an issuer cannot be had.</summary>
/// <param name="message">What is wrong, and with which address.</param>
internal sealed class IssuerException(string message) : Exception(message);
