namespace LoopOrchestrator.Core.Secrets;

/// <summary>Where a shape of credentials is known from.</summary>
/// <param name="Document">The address of a document: the issuer's own where there is one, else that of rules in wide use.</param>
/// <param name="LookedAt">The day on which the shape was last compared with it.</param>
internal sealed record SecretSource(string Document, DateOnly LookedAt);
