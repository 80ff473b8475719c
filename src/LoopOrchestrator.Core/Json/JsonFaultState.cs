using System.Text.Json;

namespace LoopOrchestrator.Core.Json;

/// <summary>How far reading had come when a token could not be read.</summary>
/// <param name="Last">The last token that was fine.</param>
/// <param name="Consumed">The offset behind it (behind the colon, after a name).</param>
/// <param name="Inside">The kind of the innermost open container; undefined outside all.</param>
/// <param name="Depth">How many containers are open.</param>
/// <param name="Opened">The offset at which the innermost one was opened.</param>
/// <param name="Lenient">Whether comments and trailing commas are accepted.</param>
internal readonly record struct JsonFaultState(JsonTokenType Last, int Consumed, JsonValueKind Inside, int Depth, int Opened, bool Lenient);
