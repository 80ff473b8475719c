namespace LoopOrchestrator.Core.Toml;

/// <summary>A text is no TOML. Never leaves <see cref="TomlText"/>.</summary>
internal sealed class TomlFaultException(int offset, string message) : Exception(message)
{
    /// <summary>The character to point at.</summary>
    public int Offset => offset;
}
