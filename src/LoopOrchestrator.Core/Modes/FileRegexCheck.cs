using System.Text.RegularExpressions;

namespace LoopOrchestrator.Core.Modes;

/// <summary>
/// Whether a file filter compiles. Each pattern is compiled once, because an alias can repeat it very often. Not thread safe.
/// </summary>
internal sealed class FileRegexCheck
{
    // Compiling a pattern costs time and memory that grow with it; no honest file filter is longer.
    private const int MaxLength = 2_000;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, string?> _known = new(StringComparer.Ordinal);

    /// <summary>What is wrong with <paramref name="pattern"/>, as part of a sentence; <see langword="null"/> when it can be used.</summary>
    public string? ProblemOf(string pattern)
    {
        if (pattern.Length > MaxLength)
        {
            return $"it is longer than {MaxLength} characters";
        }

        if (!_known.TryGetValue(pattern, out var problem))
        {
            try
            {
                _ = new Regex(pattern, RegexOptions.None, Timeout);
            }
            catch (ArgumentException exception)
            {
                problem = exception.Message.TrimEnd('.');
            }

            _known.Add(pattern, problem);
        }

        return problem;
    }
}
