using Microsoft.IdentityModel.Tokens;

namespace LoopOrchestrator.Mcp.Hosting.OAuth;

/// <summary>The keys that a token may be signed with.</summary>
/// <param name="Keys">
/// They are; none for a name that the issuer does not have, and <see langword="null"/> where its keys are not known.
/// </param>
/// <param name="Again">
/// After what time they are fetched anew, where that may change the answer; <see langword="null"/> where it is sure.
/// </param>
internal sealed record FoundKeys(IReadOnlyList<SecurityKey>? Keys, TimeSpan? Again);
