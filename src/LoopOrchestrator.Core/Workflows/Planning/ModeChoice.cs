using LoopOrchestrator.Core.Modes;

namespace LoopOrchestrator.Core.Workflows.Planning;

/// <summary>
/// The mode that a task was given, and why. The rule is in docs/decisions/0017: the mode whose name, description and <c>whenToUse</c> have
/// the most
/// words of the task, a word counting the more the fewer of the modes have it; among equals the first. Pure: the same texts give the same
/// choice.
/// </summary>
/// <param name="Mode">The mode.</param>
/// <param name="Why">The words that decided, and what came next; one sentence, for people.</param>
public sealed record ModeChoice(Mode Mode, string Why)
{
    // 60 can be shared without remainder by the numbers of modes that stages have.
    private const int WordWeight = 60;
    private const int MaxWordsNamed = 6;

    /// <summary>Chooses.</summary>
    /// <param name="task">The task.</param>
    /// <param name="candidates">The modes to choose from, at least one, in the order that decides among equals.</param>
    /// <exception cref="ArgumentException">There is none to choose from.</exception>
    public static ModeChoice Choose(string task, IReadOnlyList<Mode> candidates)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(candidates);
        if (candidates.Count == 0)
        {
            throw new ArgumentException("There is no mode to choose from.", nameof(candidates));
        }

        var words = TaskWords.Of(task);
        var texts = candidates
            .Select(static mode =>
                TaskWords
                    .Of($"{mode.Name}\n{mode.Description}\n{mode.WhenToUse}")
                    .Select(static word => word.Stem)
                    .ToHashSet(StringComparer.Ordinal)
            )
            .ToList();
        var ranked = candidates
            .Select(
                (mode, index) =>
                    (
                        Mode: mode,
                        Words: words
                            .Where(word => texts[index].Contains(word.Stem))
                            .Select(word => (word.Word, Weight: WordWeight / texts.Count(text => text.Contains(word.Stem))))
                            .ToList()
                    )
            )
            .Select(static candidate => (candidate.Mode, candidate.Words, Score: candidate.Words.Sum(static word => word.Weight)))
            .OrderByDescending(static candidate => candidate.Score)
            .ToList();
        var (best, hits, score) = ranked[0];
        if (score == 0)
        {
            return new ModeChoice(
                best,
                $"mode {best.Slug}: no word of the task is in what a mode says of itself, so the first of {Slugs(candidates)}"
            );
        }

        var next =
            ranked.Count == 1 ? "there is no other"
            : ranked[1].Score == 0 ? "no other has any"
            : $"next is {ranked[1].Mode.Slug} with {ranked[1].Score} "
                + $"({Heaviest(ranked[1].Words)}){(ranked[1].Score == score ? ", which is later in the list" : "")}";
        return new ModeChoice(
            best,
            $"mode {best.Slug}: it has {Heaviest(hits)} of the "
                + $"task{(hits.Count > MaxWordsNamed ? $" and {hits.Count - MaxWordsNamed} more words" : "")}, score {score}; {next}"
        );
    }

    private static string Heaviest(IEnumerable<(string Word, int Weight)> words) =>
        string.Join(", ", words.OrderByDescending(static word => word.Weight).Take(MaxWordsNamed).Select(static word => $"'{word.Word}'"));

    private static string Slugs(IReadOnlyList<Mode> modes) => string.Join(", ", modes.Select(static mode => mode.Slug));
}
