using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace LoopOrchestrator.Mcp.Cli.Reports;

/// <summary>Writes rows one by one as they come, and keeps none.</summary>
internal sealed class ExportWriter<T>
{
    private readonly TextWriter _output;
    private readonly Func<T, string> _line;
    private long _count;

    /// <summary>Begins: CSV has a line with the names of its columns, also where no row follows.</summary>
    /// <param name="output">Where rows are written.</param>
    /// <param name="format">One of <see cref="ExportFormat"/>.</param>
    /// <param name="columns">The columns of CSV.</param>
    /// <param name="type">How a row is JSON.</param>
    public ExportWriter(TextWriter output, string format, IReadOnlyList<CsvColumn<T>> columns, JsonTypeInfo<T> type)
    {
        _output = output;
        if (format == ExportFormat.JsonLines)
        {
            _line = row => JsonSerializer.Serialize(row, type) + "\n";
        }
        else
        {
            _line = row => Csv.Line(columns, row);
            output.Write(Csv.Header(columns));
        }
    }

    /// <summary>How many rows are written by now; for any thread.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>Writes a row.</summary>
    public void Write(T row)
    {
        _output.Write(_line(row));
        Volatile.Write(ref _count, _count + 1);
    }
}
