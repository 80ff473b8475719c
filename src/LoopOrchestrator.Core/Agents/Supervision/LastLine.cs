using System.Text;
using System.Text.RegularExpressions;

namespace LoopOrchestrator.Core.Agents.Supervision;

/// <summary>
/// The last line of a stream that says something, in bounded memory: empty lines, frames of a stack and what a runtime prints below them
/// do not.
/// </summary>
internal sealed partial class LastLine
{
    private const int MaxLength = 500;

    private readonly List<byte> _line = new(MaxLength);
    private string? _last;

    /// <summary>Takes a further piece of the stream.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (bytes.IndexOf((byte)'\n') is var end && end >= 0)
        {
            Append(bytes[..end]);
            End();
            bytes = bytes[(end + 1)..];
        }

        Append(bytes);
    }

    /// <summary>The line, once the stream is over; <see langword="null"/> for none.</summary>
    public string? Complete()
    {
        End();
        return _last;
    }

    private void Append(ReadOnlySpan<byte> bytes) => _line.AddRange(bytes[..Math.Min(bytes.Length, MaxLength - _line.Count)]);

    private void End()
    {
        var text = Colour().Replace(Encoding.UTF8.GetString([.. _line]), "").Trim();
        _line.Clear();
        if (text.Length > 1 && !Frame().IsMatch(text))
        {
            _last = text;
        }
    }

    [GeneratedRegex(@"\e\[[0-9;?]*[A-Za-z]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Colour();

    [GeneratedRegex(@"^(at .*[:)]\S*|Node\.js v[0-9.]+)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Frame();
}
