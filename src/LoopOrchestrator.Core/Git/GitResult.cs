using System.Text;

namespace LoopOrchestrator.Core.Git;

/// <summary>How a call of git ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it wrote to standard output, as bytes: paths need not be UTF-8.</param>
/// <param name="Error">What it wrote to standard error.</param>
internal sealed record GitResult(int ExitCode, byte[] Output, string Error)
{
    /// <summary>Whether it succeeded.</summary>
    public bool Ok => ExitCode == 0;

    /// <summary>The output as text, without the line end behind it.</summary>
    public string Text => Encoding.UTF8.GetString(Output).TrimEnd('\n');

    /// <summary>The output as texts that a zero byte separates, as <c>-z</c> writes them.</summary>
    public IReadOnlyList<string> Parts => Encoding.UTF8.GetString(Output).Split('\0', StringSplitOptions.RemoveEmptyEntries);
}
