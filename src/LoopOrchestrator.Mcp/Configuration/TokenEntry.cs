namespace LoopOrchestrator.Mcp.Configuration;

/// <summary>A token in <c>tokens.json</c>. The token itself is nowhere.</summary>
/// <param name="Name">Unique in the file, in lower case.</param>
/// <param name="Scope">One of <see cref="AccessScopes.Names"/>.</param>
/// <param name="Sha256">Of the token's characters, in hexadecimal digits. It has 256 random bits, so no slow hash is needed.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Expires">From when on it does not count; <see langword="null"/> for never.</param>
internal sealed record TokenEntry(string Name, string Scope, string Sha256, DateTimeOffset Created, DateTimeOffset? Expires);
