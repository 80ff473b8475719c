namespace LoopOrchestrator.Core.Json;

/// <summary>How much more than RFC 8259 a <see cref="JsonText"/> accepts.</summary>
public enum JsonDialect
{
    /// <summary>RFC 8259 and nothing else, as <c>JSON.parse</c> reads it (a byte order mark is allowed all the same).</summary>
    Strict,

    /// <summary>Also <c>//</c> and <c>/* */</c> comments and a comma before a closing bracket, for files that people edit.</summary>
    WithComments,
}
