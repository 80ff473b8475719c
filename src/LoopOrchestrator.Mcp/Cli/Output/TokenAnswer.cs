using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Cli.Output;

/// <summary>A token as <c>token</c> prints it.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Scope">What it lets its holder do.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">From when on it does not count; none for never.</param>
/// <param name="Expired">Whether that is over.</param>
/// <param name="Token">The token itself: once, by the command that makes it.</param>
internal sealed record TokenAnswer(
    string Name,
    string Scope,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    bool Expired,
    string? Token
)
{
    public static TokenAnswer From(TokenEntry entry, DateTimeOffset now, string? token = null) =>
        new(entry.Name, entry.Scope, entry.Created, entry.Expires, entry.Expires <= now, token);
}
