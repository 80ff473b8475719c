namespace LoopOrchestrator.Core.Toml;

/// <summary>One value of a TOML text, with the place it was read from.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Its first character.</param>
/// <param name="End">Behind its last character.</param>
/// <param name="Text">The content of a string with its escapes resolved; of every other leaf the word as it is written.</param>
/// <param name="Items">The items of an array.</param>
/// <param name="Members">The members of an inline table, each with its whole key.</param>
internal sealed record TomlValue(
    TomlKind Kind,
    int Start,
    int End,
    string Text,
    IReadOnlyList<TomlValue> Items,
    IReadOnlyList<TomlKey> Members
);
