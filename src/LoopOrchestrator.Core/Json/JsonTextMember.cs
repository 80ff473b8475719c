namespace LoopOrchestrator.Core.Json;

/// <summary>One member of an object.</summary>
/// <param name="Name">The name with its escapes resolved.</param>
/// <param name="NameSpan">Where the name stands, quotes included.</param>
/// <param name="Value">The value.</param>
public sealed record JsonTextMember(string Name, ByteSpan NameSpan, JsonTextNode Value);
