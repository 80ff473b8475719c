using System.Text;

namespace LoopOrchestrator.Core.Timing.Rows;

/// <summary>Splits one line of comma-separated values; quotes protect commas and are doubled to mean themselves (RFC 4180).</summary>
internal static class CommaSeparated
{
    /// <summary>The line's values. A quote that is never closed reaches to the end of the line.</summary>
    public static string[] Split(string line)
    {
        var values = new List<string>();
        var value = new StringBuilder();
        var quoted = false;
        for (var index = 0; index < line.Length; index++)
        {
            var character = line[index];
            if (character == '"')
            {
                if (quoted && index + 1 < line.Length && line[index + 1] == '"')
                {
                    value.Append('"');
                    index++;
                }
                else
                {
                    quoted = !quoted;
                }
            }
            else if (character == ',' && !quoted)
            {
                values.Add(value.ToString());
                value.Clear();
            }
            else
            {
                value.Append(character);
            }
        }

        values.Add(value.ToString());
        return [.. values];
    }
}
