using System.Text;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Timing.Months;
using LoopOrchestrator.Core.Timing.Rows;

namespace LoopOrchestrator.Core.Timing.Reports;

/// <summary>Finds a row of ours by the moment that it was written at, to the millisecond. Reads the files and no index.</summary>
internal static class WrittenRow
{
    private const int ChunkSize = 128 * 1024;

    /// <summary>The row, or <see langword="null"/>.</summary>
    /// <param name="paths">The workspace.</param>
    /// <param name="writtenAt">The moment in its first column.</param>
    /// <param name="fits">What else is known of it.</param>
    /// <exception cref="UserErrorException">The log cannot be read.</exception>
    public static TimingEntry? Find(WorkspacePaths paths, DateTimeOffset writtenAt, Func<TimingEntry, bool> fits)
    {
        var head = Encoding.UTF8.GetBytes(TimingTime.Format(writtenAt));
        var rows = new CanonicalRow();
        TimingEntry? found = null;
        try
        {
            using var parts = LogParts.Open(paths);

            // The log first: what was written lately has not moved into a month yet.
            foreach (var part in (parts?.All ?? []).Reverse().Where(static part => part is { Handle: not null, IsUtf16: false }))
            {
                var cutter = new LineCutter((line, _) => Match(line));
                part.Cut(cutter, 0, part.Bytes, ChunkSize);
                Match(cutter.Rest);
                if (found is not null)
                {
                    break;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"{paths.Timing} cannot be read ({exception.Message}), so it is not known whether the row is there; nothing was written "
                    + "now. Check that it is a file and that this user may read it, then repeat the call with the same request id.",
                exception
            );
        }

        return found;

        void Match(ReadOnlySpan<byte> line)
        {
            if (found is null && line.StartsWith(head) && rows.Read(line, 0) is { } row && fits(row))
            {
                found = row;
            }
        }
    }
}
