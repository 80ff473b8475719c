namespace LoopOrchestrator.Core.Timing.Rows;

/// <summary>The line that names the columns. Known names may stand in any order; files of several generations do.</summary>
internal sealed class TimingHeader
{
    private static readonly string[][] Names =
    [
        ["timestamp"],
        ["mode"],
        ["task_id", "id"],
        ["start_time", "start_timestamp", "start"],
        ["end_time", "end_timestamp", "end"],
        ["duration", "duration_seconds"],
        ["task", "description"],
        ["result", "results", "status"],
        ["priority"],
    ];

    // With room for blanks around the longest name.
    private const int MaxNameLength = 64;

    private readonly int[] _columns;

    private TimingHeader(int[] columns, bool isCommaSeparated, string? text = null)
    {
        _columns = columns;
        IsCommaSeparated = isCommaSeparated;
        Text = text;
    }

    /// <summary>The nine columns that we write.</summary>
    public static TimingHeader Canonical { get; } = new([0, 1, 2, 3, 4, 5, 6, 7, 8], isCommaSeparated: false);

    /// <summary>The order of the old comma-separated log, also read where such a row stands among tabs.</summary>
    public static TimingHeader OldCommaSeparated { get; } = new([2, 3, 4, 5, 6, 7, 1, 8], isCommaSeparated: true);

    /// <summary>The line as it stands in the file; <see langword="null"/> for the orders that are built in.</summary>
    public string? Text { get; }

    /// <summary>Whether rows are separated by commas, with quotes around texts that hold one.</summary>
    public bool IsCommaSeparated { get; }

    /// <summary>How many columns a row should have.</summary>
    public int Count => _columns.Length;

    /// <summary>Whether the columns are the canonical ones from the left, perhaps without the last.</summary>
    public bool IsCanonicalOrder => _columns.Length is 8 or 9 && _columns.Index().All(column => column.Index == column.Item);

    /// <summary>Reads a header, or returns <see langword="null"/> when the line is none.</summary>
    public static TimingHeader? TryParse(string line)
    {
        var isComma = !line.Contains('\t');
        var separator = isComma ? ',' : '\t';
        if (line.AsSpan().IndexOf(separator) is < 0 or > MaxNameLength)
        {
            // Rows come by the million, and only a header starts with one of the short names.
            return null;
        }

        var names = line.Split(separator);
        if (names.Length < 5 || names.Length > Names.Length || !IsFirstName(names[0]))
        {
            return null;
        }

        var columns = Array.ConvertAll(names, name =>
            Array.FindIndex(Names, known => known.Contains(name.Trim(), StringComparer.OrdinalIgnoreCase))
        );
        return columns.Contains(-1) || columns.Distinct().Count() != columns.Length ? null : new TimingHeader(columns, isComma, line);
    }

    /// <summary>Brings a row with exactly <see cref="Count"/> columns into the canonical order.</summary>
    public string[] Reorder(string[] fields)
    {
        var result = new string[Names.Length];
        Array.Fill(result, "");
        for (var index = 0; index < _columns.Length; index++)
        {
            result[_columns[index]] = fields[index];
        }

        if (result[0].Length == 0)
        {
            result[0] = result[3].Length > 0 ? result[3] : result[4];
        }

        return result;
    }

    private static bool IsFirstName(string name) => Names.Any(known => known.Contains(name.Trim(), StringComparer.OrdinalIgnoreCase));
}
