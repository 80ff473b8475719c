using System.Text;

namespace LoopOrchestrator.Mcp.Tests.Cli;

/// <summary>Reads CSV by the letter of RFC 4180, and throws where a text is none.</summary>
internal static class CsvReader
{
    public static IReadOnlyList<IReadOnlyList<string>> Read(string text)
    {
        var (rows, row, cell, index) = (new List<IReadOnlyList<string>>(), new List<string>(), new StringBuilder(), 0);
        while (index < text.Length)
        {
            if (text[index] == '"')
            {
                index = ReadQuoted(text, index + 1, cell);
            }
            else
            {
                for (; text[index] is not (',' or '\r' or '\n' or '"'); index++)
                {
                    cell.Append(text[index]);
                }
            }

            row.Add(cell.ToString());
            cell.Clear();
            if (text[index] == ',')
            {
                index++;
                continue;
            }

            if (text[index] != '\r' || text[index + 1] != '\n')
            {
                throw new InvalidDataException($"at {index}: a cell ends neither with a comma nor with a line");
            }

            index += 2;
            rows.Add([.. row]);
            row.Clear();
        }

        return rows.All(other => other.Count == rows[0].Count) ? rows : throw new InvalidDataException("rows differ in length");
    }

    private static int ReadQuoted(string text, int index, StringBuilder cell)
    {
        for (; ; index++)
        {
            if (text[index] != '"')
            {
                cell.Append(text[index]);
            }
            else if (index + 1 < text.Length && text[index + 1] == '"')
            {
                cell.Append(text[index++]);
            }
            else
            {
                return index + 1;
            }
        }
    }
}
