namespace LoopOrchestrator.Core.Toml;

/// <summary>A key with its value.</summary>
/// <param name="Path">The parts of the key, those of its table not included.</param>
/// <param name="Start">Its first character.</param>
/// <param name="Value">Its value.</param>
internal sealed record TomlKey(IReadOnlyList<string> Path, int Start, TomlValue Value);
