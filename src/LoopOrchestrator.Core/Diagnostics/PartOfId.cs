using LoopOrchestrator.Core.Errors;

namespace LoopOrchestrator.Core.Diagnostics;

/// <summary>
/// A part of an id, as somebody types it: its beginning, its end, or both with an ellipsis between (<c>run-…5edd88</c>). It stands for the
/// one id that it fits; a slip of the finger does not, so what is very short never does.
/// </summary>
public sealed class PartOfId
{
    /// <summary>How many characters of an id name it, besides what all ids of its kind begin with.</summary>
    internal const int MinLength = 4;

    private const int MaxNamed = 5;

    // As a terminal shows what stands between, and as one types it.
    private static readonly string[] Ellipses = ["…", "..."];

    private readonly string _text;
    private readonly string _kind;
    private readonly string _prefix;

    /// <param name="text">What was typed.</param>
    /// <param name="kind">What the ids are those of, as a word for messages.</param>
    /// <param name="prefix">What they all begin with; empty where that is nothing.</param>
    public PartOfId(string text, string kind, string prefix)
    {
        (_text, _kind, _prefix) = (text, kind, prefix);
        Ends = Ellipses.Select(sign => text.Split(sign)).FirstOrDefault(static parts => parts.Length == 2) is [var head, var tail]
            ? [(head, tail)]
            : [(text, ""), ("", text)];
    }

    /// <summary>How many fitting ids have to be found at the most for <see cref="Choose"/>.</summary>
    internal static int Enough => MaxNamed + 1;

    /// <summary>What an id begins and ends with that fits: any of these pairs.</summary>
    internal IReadOnlyList<(string Head, string Tail)> Ends { get; }

    /// <summary>Whether an id fits.</summary>
    public bool Fits(string id) =>
        Ends.Any(ends =>
            id.Length >= ends.Head.Length + ends.Tail.Length
            && id.StartsWith(ends.Head, StringComparison.Ordinal)
            && id.EndsWith(ends.Tail, StringComparison.Ordinal)
        );

    /// <summary>The id that is meant.</summary>
    /// <param name="fitting">Those that fit, each once.</param>
    /// <returns><see langword="null"/> when none fits.</returns>
    /// <exception cref="UserErrorException">Several fit, or the part is too short to name the one.</exception>
    public string? Choose(IReadOnlyList<string> fitting) =>
        fitting switch
        {
            [] => null,
            _ when _text.Length == 0 => null,
            [var only] when Length >= MinLength => only,
            [var only] => throw new UserErrorException(
                $"'{_text}' is too short for the {_kind} {only}: write at least {MinLength} characters of its id."
            ),
            _ => throw new UserErrorException(
                $"'{_text}' fits more than one {_kind}: {string.Join(", ", fitting.Take(MaxNamed))}"
                    + $"{(fitting.Count > MaxNamed ? ", …" : "")}. Write more of the id."
            ),
        };

    private int Length
    {
        get
        {
            var (head, tail) = Ends[0];
            return head.Length + tail.Length - (head.StartsWith(_prefix, StringComparison.Ordinal) ? _prefix.Length : 0);
        }
    }
}
