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
        var walk = new WorkFileWalk(paths, int.MaxValue);
        var page = new Page(cost, most);
        var started = time.GetTimestamp();
        var (searched, passedOver) = (0, 0);
        var last = entry;

        // The file in which the page before ended comes first: the walk goes on behind it.
        var files = walk.Below(from, WorkFileLister.After(from, entry))
            .Where(found => !found.Entry.IsFolder && !found.Entry.IsLink && WorkFileLister.Fits(name, found.Entry))
            .Select(static found => found.Path);
        foreach (var path in line > 0 ? files.Prepend(WorkFilePath.File(paths, entry!)) : files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TextOf(path) is { } text)
            {
                searched++;
                if (Lines(expression, path, text, path.Relative == entry ? line : 0, page) is { } next)
                {
                    return new WorkFileHits(
                        page.Hits,
                        searched,
                        passedOver,
                        string.Create(CultureInfo.InvariantCulture, $"{path.Relative}:{next}")
                    );
                }
            }
            else
            {
                passedOver++;
            }

            last = path.Relative;
            if (time.GetElapsedTime(started) > LimitOfCall || walk.Visited >= WorkFileWalk.MaxVisited)
            {
                return new WorkFileHits(page.Hits, searched, passedOver, $"{last}:0");
            }
        }

        return new WorkFileHits(page.Hits, searched, passedOver, null);
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

    private static string? TextOf(WorkFilePath path)
    {
        try
        {
            return WorkFileText.ReadOrNull(path) is { } content ? WorkFileText.DecodeOrNull(content) : null;
        }
        catch (UserErrorException)
        {
            return null;
        }
    }

    /// <returns>The line with which the next page begins; <see langword="null"/> when the file is done.</returns>
    private int? Lines(Regex expression, WorkFilePath path, string text, int firstLine, Page page)
    {
        var number = 0;
        foreach (var range in text.AsSpan().Split('\n'))
        {
            number++;
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

    private string Shown(ReadOnlySpan<char> line, int match)
    {
        var clean = redactor.Redact(line.ToString());
        if (clean.Length <= MaxShown)
        {
            return clean;
        }

        // Places are those of the line as it was; in one without credentials they are the same.
        var start = Math.Clamp(match - Before, 0, Math.Max(0, clean.Length - MaxShown));
        var shown = TextCut.Shorten(new string(TextCut.Tail(clean, clean.Length - start)), MaxShown);
        return start == 0 ? shown : $"…{shown}";
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
