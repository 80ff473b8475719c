using System.Globalization;
using System.Text.RegularExpressions;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Secrets;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.WorkFiles;

/// <summary>
/// Lines of files of a workspace that hold an expression, in pages. An expression has a time limit for each line, and a call one for
/// itself, behind which its cursor goes on. Immutable; safe for many threads.
/// </summary>
internal sealed class WorkFileSearch(WorkspacePaths paths, Redactor redactor, TimeProvider time)
{
    private const int MaxLine = 20_000;
    private const int MaxShown = 300;
    private const int Before = 80;

    private static readonly TimeSpan LimitOfCall = TimeSpan.FromSeconds(10);

    /// <summary>How long one line may take.</summary>
    internal TimeSpan LimitOfLine { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How many entries of one folder are looked at.</summary>
    internal int MaxInFolder { get; init; } = WorkFileLimits.Folder;

    /// <summary>Finds a page of lines.</summary>
    /// <param name="pattern">The expression, of .NET.</param>
    /// <param name="folder">Where to begin; <see langword="null"/> for the workspace's folder.</param>
    /// <param name="name">Only files of this name, with <c>*</c> and <c>?</c>.</param>
    /// <param name="ignoreCase">Whether large and small letters are the same.</param>
    /// <param name="cursor">Of the page before.</param>
    /// <param name="cost">How much of a page a line takes.</param>
    /// <param name="most">How much a page holds.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="UserErrorException">An argument is none, the folder cannot be read, or a line takes too long.</exception>
    public WorkFileHits Find(
        string pattern,
        string? folder,
        string? name,
        bool ignoreCase,
        string? cursor,
        Func<WorkFileHit, int> cost,
        int most,
        CancellationToken cancellationToken
    )
    {
        var expression = Compile(pattern, ignoreCase);
        var from = WorkFilePath.Folder(paths, folder);
        var (entry, line) = Split(cursor);
        var walk = new WorkFileWalk(paths, int.MaxValue) { MaxInFolder = MaxInFolder };
        var page = new Page(cost, most);
        var limits = new Limits(time, cancellationToken);
        var (searched, passedOver) = (0, 0);

        // The file in which the page before ended is told again. Entries that are not asked for cost time as well.
        foreach (var (path, found) in walk.Below(from, WorkFileLister.After(from, entry), inclusive: line > 0))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (found.IsFolder || found.IsLink || !WorkFileLister.Fits(name, found))
            {
                // Nothing to read.
            }
            else if (TextOf(path) is { } text)
            {
                searched++;
                if (Lines(expression, path, text, path.Relative == entry ? line : 0, page, limits) is { } next)
                {
                    return Answer(string.Create(CultureInfo.InvariantCulture, $"{path.Relative}:{next}"));
                }
            }
            else
            {
                passedOver++;
            }

            if (limits.AreOver() || walk.Visited >= WorkFileWalk.MaxVisited)
            {
                return Answer($"{path.Relative}:0");
            }
        }

        return Answer(null);

        WorkFileHits Answer(string? next) => new(page.Hits, searched, passedOver, next, walk.Unreadable, walk.Cut);
    }

    // Every expression that can be run in a time that grows with the line only, is.
    private Regex Compile(string pattern, bool ignoreCase)
    {
        var options = RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        try
        {
            return new Regex(pattern, options | RegexOptions.NonBacktracking, LimitOfLine);
        }
        catch (NotSupportedException)
        {
            return new Regex(pattern, options, LimitOfLine);
        }
        catch (ArgumentException exception)
        {
            throw new UserErrorException($"pattern is no regular expression: {exception.Message}", exception);
        }
    }

    private static (string? Entry, int Line) Split(string? cursor)
    {
        if (cursor is null)
        {
            return (null, 0);
        }

        var colon = cursor.LastIndexOf(':');
        return colon > 0 && int.TryParse(cursor.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var line)
            ? (cursor[..colon], line)
            : throw new UserErrorException(
                $"cursor '{cursor}' is not one of search_files. Give next_cursor of an earlier answer, or leave it out for the first page."
            );
    }

    // As read_file shows it: what is not shown there is not found here either, and lines have the same numbers.
    private string? TextOf(WorkFilePath path)
    {
        try
        {
            return WorkFileText.ReadOrNull(path) is { } content && WorkFileText.DecodeOrNull(content) is { } text
                ? redactor.Redact(text)
                : null;
        }
        catch (UserErrorException)
        {
            return null;
        }
    }

    /// <returns>The line with which the next page begins; <see langword="null"/> when the file is done.</returns>
    private int? Lines(Regex expression, WorkFilePath path, string text, int firstLine, Page page, Limits limits)
    {
        var number = 0;
        foreach (var range in text.AsSpan().Split('\n'))
        {
            number++;
            if (number > firstLine && limits.AreOver())
            {
                return number;
            }

            var line = text.AsSpan(range).TrimEnd('\r');
            if (number < firstLine || line.Length > MaxLine)
            {
                continue;
            }

            if (
                Match(expression, line, path, number) is { } start
                && !page.TryAdd(new WorkFileHit(path.Relative, number, Shown(line, start)))
            )
            {
                return number;
            }
        }

        return null;
    }

    private int? Match(Regex expression, ReadOnlySpan<char> line, WorkFilePath path, int number)
    {
        try
        {
            foreach (var match in expression.EnumerateMatches(line))
            {
                return match.Index;
            }

            return null;
        }
        catch (RegexMatchTimeoutException exception)
        {
            throw new UserErrorException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"pattern takes longer than {LimitOfLine.TotalMilliseconds:0} ms on {path.Relative}:{number}. Give a simpler one, "
                        + $"without repetitions inside repetitions, or name other files."
                ),
                exception
            );
        }
    }

    private static string Shown(ReadOnlySpan<char> line, int match)
    {
        var whole = line.ToString();
        if (whole.Length <= MaxShown)
        {
            return whole;
        }

        var start = Math.Clamp(match - Before, 0, whole.Length - MaxShown);
        var shown = TextCut.Shorten(new string(TextCut.Tail(whole, whole.Length - start)), MaxShown);
        return start == 0 ? shown : $"…{shown}";
    }

    /// <summary>What ends a call: its time, or whoever asked.</summary>
    private sealed class Limits(TimeProvider time, CancellationToken cancellationToken)
    {
        private readonly long _started = time.GetTimestamp();

        public bool AreOver()
        {
            cancellationToken.ThrowIfCancellationRequested();
            return time.GetElapsedTime(_started) > LimitOfCall;
        }
    }

    private sealed class Page(Func<WorkFileHit, int> cost, int most)
    {
        private int _left = most;

        public List<WorkFileHit> Hits { get; } = [];

        public bool TryAdd(WorkFileHit hit)
        {
            _left -= cost(hit);
            if (Hits.Count > 0 && _left < 0)
            {
                return false;
            }

            Hits.Add(hit);
            return true;
        }
    }
}
