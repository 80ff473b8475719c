namespace LoopOrchestrator.Core.Toml;

/// <summary>The kinds of values that are told apart here.</summary>
internal enum TomlKind
{
    /// <summary>A string of any of the four forms.</summary>
    String,

    /// <summary>A number, a date, a time, <c>true</c> or <c>false</c>.</summary>
    Word,

    /// <summary>An array.</summary>
    Array,

    /// <summary>A table in braces.</summary>
    InlineTable,
}
