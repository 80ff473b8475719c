using System.Text;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Timing.Months;
using LoopOrchestrator.Core.Timing.Rows;

namespace LoopOrchestrator.Core.Timing.Reports;

/// <summary>Reads the whole time log, whatever stands in it. Nothing is written or removed.</summary>
public static class TimingLogReader
{
    private const int ChunkSize = 128 * 1024;

    /// <summary>Reads the workspace's log, the months that are over before it; a missing file reads as an empty one.</summary>
    /// <exception cref="UserErrorException">The file cannot be read.</exception>
    public static TimingReading Read(WorkspacePaths paths)
    {
        var entries = new List<TimingEntry>();
        var reading = new Reading(entries.Add);
        Read(paths, reading);
        return reading.Finish(entries);
    }

    /// <summary>
    /// Reads the workspace's log row by row and keeps nothing of it but what is open and what was odd, so that a long one takes no more
    /// memory than a short one.
    /// </summary>
    /// <param name="paths">The workspace.</param>
    /// <param name="row">Gets each understood row in the order of the files.</param>
    /// <returns>The starts that are open behind the last row, the oldest first.</returns>
    /// <exception cref="UserErrorException">The file cannot be read.</exception>
    public static IReadOnlyList<TimingEntry> Stream(WorkspacePaths paths, Action<TimingEntry> row)
    {
        ArgumentNullException.ThrowIfNull(row);
        var reading = new Reading(row);
        Read(paths, reading);
        return reading.Open;
    }

    private static void Read(WorkspacePaths paths, Reading reading)
    {
        ArgumentNullException.ThrowIfNull(paths);
        try
        {
            using var parts = LogParts.Open(paths);
            reading.Diagnostics.AddRange(parts?.Problems ?? []);
            foreach (var part in parts?.All ?? [])
            {
                reading.Take(part);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"{paths.Timing} cannot be read ({exception.Message}). Check that it is a file and that this user may read it.",
                exception
            );
        }
    }

    /// <summary>Reads a log that is in memory. Any bytes are accepted.</summary>
    /// <param name="bytes">The file's content: UTF-8, or UTF-16 with a byte order mark.</param>
    /// <param name="file">The name that findings show.</param>
    public static TimingReading Parse(ReadOnlySpan<byte> bytes, string file)
    {
        var entries = new List<TimingEntry>();
        var reading = new Reading(entries.Add);
        reading.Take(bytes, file);
        return reading.Finish(entries);
    }

    internal static Diagnostic Odd(string file, int line, string oddity) =>
        new(DiagnosticSeverity.Warning, file, line, null, $"Odd among its neighbours: {oddity}.");

    private static UnicodeEncoding? Utf16(ReadOnlySpan<byte> bytes) =>
        bytes switch
        {
            [0xFF, 0xFE, ..] => new UnicodeEncoding(bigEndian: false, byteOrderMark: true),
            [0xFE, 0xFF, ..] => new UnicodeEncoding(bigEndian: true, byteOrderMark: true),
            _ => null,
        };

    private sealed class Reading
    {
        private readonly Action<TimingEntry> _row;
        private readonly HeldStarts _starts = new();
        private readonly TimingPairing _pairing;
        private readonly TimingLines _lines;
        private string _file = "";

        public Reading(Action<TimingEntry> row)
        {
            _row = row;
            _pairing = new TimingPairing(_starts);
            _lines = new TimingLines(_file, Diagnostics);
        }

        public List<Diagnostic> Diagnostics { get; } = [];

        public List<TimingEntry> Open => [.. _starts.All.OrderBy(static entry => entry.StartTime).ThenBy(static entry => entry.Line)];

        public void Take(LogPart part)
        {
            if (part.Handle is not { } handle)
            {
                return;
            }

            if (part.IsUtf16)
            {
                Take(DurableFile.ReadAll(handle, part.Name, FileSizes.TimingInUtf16), part.Name);
                return;
            }

            Begin(part.Name);
            var rest = ByteLines.Read(handle, 0, part.Bytes, Line, ChunkSize);
            Last(rest.Rest, rest.RestLength);
        }

        public void Take(ReadOnlySpan<byte> bytes, string file)
        {
            Begin(file);
            if (Utf16(bytes) is { } utf16)
            {
                Diagnostics.Add(
                    new Diagnostic(
                        DiagnosticSeverity.Warning,
                        file,
                        1,
                        null,
                        "The file is in UTF-16. It is read so, but rows are appended in UTF-8 only: save it as UTF-8."
                    )
                );
                bytes = Encoding.UTF8.GetBytes(utf16.GetString(bytes[2..]));
            }

            var rest = ByteLines.Split(bytes, Line);
            Last(rest, rest.Length);
        }

        public TimingReading Finish(List<TimingEntry> entries) =>
            new(entries, Diagnostics, _lines.Headers, _lines.BlankLines, _lines.Repaired, _lines.NotUnderstood);

        private void Begin(string file)
        {
            _file = file;
            _lines.BeginFile(file);
            _starts.BeginFile();
        }

        private void Last(ReadOnlySpan<byte> line, long length)
        {
            if (length > 0)
            {
                Line(line, length);
            }
        }

        private void Line(ReadOnlySpan<byte> line, long length)
        {
            var repaired = _lines.Repaired;
            if (_lines.Next(line, length) is not { } row)
            {
                return;
            }

            var entry = _pairing.Add(row, out var oddity);
            if (oddity is not null)
            {
                Diagnostics.Add(Odd(_file, entry.Line, oddity));
                _lines.Repaired = repaired + 1;
            }

            _row(entry);
        }
    }
}
