using System.Globalization;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Secrets;

namespace LoopOrchestrator.Core.WorkFiles;

/// <summary>Text files of a workspace, in pages. What looks like a credential is taken out. Immutable; safe for many threads.</summary>
internal sealed class WorkFileReader(WorkspacePaths paths, Redactor redactor)
{
    private const int DigestInCursor = 12;

    /// <summary>Reads a page.</summary>
    /// <param name="text">The file, as it was given.</param>
    /// <param name="fromLine">Where to begin, where there is no cursor.</param>
    /// <param name="cursor">Of the page before.</param>
    /// <param name="cost">How much of a page a text takes.</param>
    /// <param name="most">How much a page holds.</param>
    /// <exception cref="UserErrorException">It cannot be read, or is no text.</exception>
    public WorkFilePage Read(string text, int fromLine, string? cursor, Func<string, int> cost, int most)
    {
        var path = WorkFilePath.File(paths, text);
        var content = WorkFileText.Read(path);
        var plain = WorkFileText.DecodeOrNull(content)
            ?? throw new UserErrorException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{path.Relative} ({content.Length:N0} bytes) is no text in UTF-8, so it is not shown."
                )
            );
        var whole = redactor.Redact(plain);
        var digest = WorkFileText.Digest(content);
        var lines = CountLines(whole);
        var start = cursor is null ? StartOf(whole, fromLine, path, lines) : Position(cursor, digest, whole.Length, path);
        start = start > 0 && start < whole.Length && char.IsLowSurrogate(whole[start]) ? start - 1 : start;
        var end = EndOfPage(whole, start, cost, most);
        var first = 1 + whole.AsSpan(0, start).Count('\n');
        var page = whole[start..end];
        return new WorkFilePage(
            path.Relative,
            page,
            first,
            Math.Max(first, first + page.AsSpan().Count('\n') - (page.EndsWith('\n') ? 1 : 0)),
            lines,
            content.Length,
            digest,
            end < whole.Length ? string.Create(CultureInfo.InvariantCulture, $"{end}-{digest[..DigestInCursor]}") : null,
            !ReferenceEquals(whole, plain)
        );
    }

    private static int CountLines(string text) => text.Length == 0 ? 0 : text.AsSpan().Count('\n') + (text.EndsWith('\n') ? 0 : 1);

    private static int StartOf(string text, int line, WorkFilePath path, int lines)
    {
        if (line > Math.Max(1, lines))
        {
            throw new UserErrorException($"{path.Relative} has {lines} lines, and from_line is {line}.");
        }

        var start = 0;
        for (var number = 1; number < line; number++)
        {
            start = text.IndexOf('\n', start) + 1;
        }

        return start;
    }

    private static int Position(string cursor, string digest, int length, WorkFilePath path)
    {
        var dash = cursor.IndexOf('-');
        if (
            dash < 0
            || !int.TryParse(cursor.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            || cursor.Length - dash - 1 != DigestInCursor
        )
        {
            throw new UserErrorException(
                $"cursor '{cursor}' is not one of read_file. Give next_cursor of an earlier answer, or leave it out for the beginning."
            );
        }

        return position <= length && digest.StartsWith(cursor.AsSpan(dash + 1), StringComparison.Ordinal)
            ? position
            : throw new UserErrorException(
                $"{path.Relative} has changed since the page before, or the cursor is of another file. Read it from the beginning again."
            );
    }

    // Whole lines as long as they fit; of a line that is longer than a page, what fits.
    private static int EndOfPage(string text, int start, Func<string, int> cost, int most)
    {
        var end = start;
        var left = most;
        while (end < text.Length)
        {
            var next = text.IndexOf('\n', end) is var at and >= 0 ? at + 1 : text.Length;

            // No text costs less than a character each.
            if (next - end <= left && cost(text[end..next]) is var price && price <= left)
            {
                (end, left) = (next, left - price);
                continue;
            }

            if (end > start)
            {
                return end;
            }

            var length = Whole(text, end, Math.Min(next - end, most));
            while (length > 2 && cost(text.Substring(end, length)) > most)
            {
                length = Whole(text, end, length * 3 / 4);
            }

            return end + length;
        }

        return end;
    }

    // Whole characters, and one at least.
    private static int Whole(string text, int start, int length)
    {
        var end = start + Math.Max(1, length);
        return end < text.Length && char.IsLowSurrogate(text[end]) ? (end - start > 1 ? end - 1 : end + 1) - start : end - start;
    }
}
