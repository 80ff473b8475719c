using System.Globalization;
using System.Text;
using System.Text.Unicode;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Timing.Rows;

/// <summary>
/// Reads the lines of a time log one by one, in the order of the file. It keeps the header and the line number, nothing else.
/// </summary>
/// <param name="file">The file's name in findings.</param>
/// <param name="diagnostics">Where findings go.</param>
/// <param name="after">What was known after the line before the first one; <see langword="null"/> at the beginning of the file.</param>
internal sealed class TimingLines(string file, List<Diagnostic> diagnostics, TimingLinesState? after = null)
{
    private const int ShownCharacters = 80;

    private readonly CanonicalRow _canonical = new();
    private string _file = file;
    private int _linesBefore = after?.LinesBefore ?? 0;
    private TimingHeader _header = after?.Header is { } text && TimingHeader.TryParse(text) is { } known ? known : TimingHeader.Canonical;
    private bool _sawContent = after?.SawContent ?? false;

    /// <summary>What is known after the line read last.</summary>
    public TimingLinesState State => new(Line, Headers, BlankLines, Repaired, NotUnderstood, _header.Text, _sawContent, _linesBefore);

    /// <summary>The number of the line read last, within its file.</summary>
    public int Line { get; private set; } = after?.Line ?? 0;

    /// <summary>Lines that name the columns.</summary>
    public int Headers { get; private set; } = after?.Headers ?? 0;

    /// <summary>Lines without content.</summary>
    public int BlankLines { get; private set; } = after?.BlankLines ?? 0;

    /// <summary>Rows read by a fall-back rule.</summary>
    public int Repaired { get; set; } = after?.Repaired ?? 0;

    /// <summary>Rows that could not be read.</summary>
    public int NotUnderstood { get; private set; } = after?.NotUnderstood ?? 0;

    /// <summary>The next line is the first one of another file: it has its own header and its own numbers.</summary>
    /// <param name="name">Its name in findings.</param>
    public void BeginFile(string name)
    {
        _file = name;
        _linesBefore += Line;
        Line = 0;
        _header = TimingHeader.Canonical;
        _sawContent = false;
    }

    /// <summary>Reads the next line.</summary>
    /// <param name="bytes">The line without its line feed; the beginning of one that is too long.</param>
    /// <param name="length">How many bytes the line has.</param>
    /// <returns>
    /// The row, its kind not yet decided and its duration as stated; <see langword="null"/> when the line is no row that can be read.
    /// </returns>
    public TimingEntry? Next(ReadOnlySpan<byte> bytes, long length)
    {
        Line++;
        if (bytes.Length > LineCutter.MaxLine)
        {
            NotUnderstood++;
            _sawContent = true;
            diagnostics.Add(
                new Diagnostic(
                    DiagnosticSeverity.Error,
                    _file,
                    Line,
                    null,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"The line is longer than the {LineCutter.MaxLine:N0} bytes that a row may have "
                            + $"({Math.Max(length, bytes.Length):N0} so far). It counts in no sum and stays where it is."
                    )
                )
            );
            return null;
        }

        if (_sawContent && _header.IsCanonicalOrder && _canonical.Read(bytes, Line) is { } entry)
        {
            return entry;
        }

        if (Line == 1 && bytes.StartsWith("\uFEFF"u8))
        {
            bytes = bytes[3..];
        }

        var (text, oddity) = Decode(bytes);
        if (string.IsNullOrWhiteSpace(text))
        {
            BlankLines++;
            if (oddity is not null)
            {
                diagnostics.Add(new Diagnostic(DiagnosticSeverity.Warning, _file, Line, null, oddity));
            }

            return null;
        }

        if (TimingHeader.TryParse(text) is { } header)
        {
            Headers++;
            _header = header;
            _sawContent = true;
            return null;
        }

        if (!_sawContent)
        {
            _sawContent = true;
            diagnostics.Add(
                new Diagnostic(
                    DiagnosticSeverity.Warning,
                    _file,
                    Line,
                    null,
                    $"No header before the first row: the columns are read as {TimingRow.Header.Replace('\t', ' ')}."
                )
            );
        }

        return Row(text, oddity);
    }

    private TimingEntry? Row(string text, string? oddity)
    {
        var hasTabs = text.Contains('\t');
        TimingFields? fields;
        if (!hasTabs && text.Contains(','))
        {
            var header = _header.IsCommaSeparated ? _header : TimingHeader.OldCommaSeparated;
            fields = Named(CommaSeparated.Split(text), header);
            if (fields is not null && !_header.IsCommaSeparated)
            {
                fields = fields with { Repair = "comma-separated, in the order of the old log" };
            }
        }
        else if (_header.IsCanonicalOrder || _header.IsCommaSeparated)
        {
            fields = TimingColumns.Arrange(text.Split('\t'), _header.Count);
        }
        else
        {
            fields = Named(text.Split('\t'), _header) ?? TimingColumns.Arrange(text.Split('\t'), _header.Count);
        }

        if (fields is null)
        {
            NotUnderstood++;
            var shown = Shorten(text);
            var reason = oddity is null
                ? $"{(hasTabs ? $"{text.Split('\t').Length} columns, and n" : "N")}o reading of the row is certain"
                : $"{oddity}, and no reading of what is left is certain";
            diagnostics.Add(
                new Diagnostic(
                    DiagnosticSeverity.Error,
                    _file,
                    Line,
                    null,
                    $"{reason}. The row counts in no sum and stays where it is: {shown}"
                )
            );
            return null;
        }

        var repair =
            oddity is null ? fields.Repair
            : fields.Repair is null ? oddity
            : $"{oddity}; {fields.Repair}";
        if (repair is not null)
        {
            Repaired++;
            diagnostics.Add(new Diagnostic(DiagnosticSeverity.Warning, _file, Line, null, $"Read by a fall-back rule: {repair}."));
        }

        return new TimingEntry(
            TimingEntryKind.Interval,
            Line,
            TimingTime.Parse(fields.Timestamp),
            ControlPictures.Decode(fields.Mode),
            ControlPictures.Decode(fields.TaskId),
            TimingTime.Parse(fields.Start),
            TimingTime.Parse(fields.End),
            TimingTime.ParseSeconds(fields.Duration),
            ControlPictures.Decode(fields.Task),
            ControlPictures.Decode(fields.Result),
            ControlPictures.Decode(fields.Priority)
        );
    }

    private static TimingFields? Named(string[] values, TimingHeader header) =>
        values.Length == header.Count ? TimingColumns.Arrange(header.Reorder(values), 9) : null;

    private static (string Text, string? Oddity) Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.EndsWith("\r"u8))
        {
            bytes = bytes[..^1];
        }

        if (bytes.Contains((byte)0))
        {
            return DecodeWithNul(bytes);
        }

        return (Encoding.UTF8.GetString(bytes), Utf8.IsValid(bytes) ? null : "bytes that are not UTF-8, shown as \uFFFD");
    }

    /// <summary>
    /// A shell that writes UTF-16 leaves such a line in a UTF-8 file. The line feed's second byte opens the line after it, so a NUL at
    /// the front may be the rest of the line before.
    /// </summary>
    private static (string Text, string? Oddity) DecodeWithNul(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IndexOfAnyExcept((byte)0, (byte)' ', (byte)'\r') < 0)
        {
            return ("", "only NUL bytes, probably the rest of a line in UTF-16: passed over");
        }

        var rest = bytes[0] == 0 ? bytes[1..] : bytes;
        rest =
            rest.EndsWith("\r\0"u8) ? rest[..^2]
            : rest.EndsWith("\r"u8) ? rest[..^1]
            : rest;
        var high = 0;
        for (var index = 1; index < rest.Length; index += 2)
        {
            high += rest[index] == 0 ? 1 : 0;
        }

        if (rest.Length > 1 && high >= rest.Length / 2 * 0.8)
        {
            return (Encoding.Unicode.GetString(rest).TrimStart('\uFEFF'), "the line is in UTF-16 inside a UTF-8 file");
        }

        return (Encoding.UTF8.GetString(bytes).Replace("\0", "", StringComparison.Ordinal), "NUL bytes in the line, left out");
    }

    private static string Shorten(string text) => ControlPictures.Encode(TextCut.Shorten(text, ShownCharacters));
}
