using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Text;
using YamlDotNet.RepresentationModel;

namespace LoopOrchestrator.Core.Modes.Import;

/// <summary>The fields at the head of a Markdown file, between two lines of three hyphens, and the text below them.</summary>
/// <param name="Fields">The fields; a list of texts is one value per item.</param>
/// <param name="Lines">The line of each field, counted from 1.</param>
/// <param name="Body">The text below, without blank lines around it.</param>
internal sealed record FrontMatter(
    IReadOnlyDictionary<string, IReadOnlyList<string>> Fields,
    IReadOnlyDictionary<string, int> Lines,
    string Body
)
{
    private const string Fence = "---";

    /// <summary>Reads a file's text; <see langword="null"/>, with an error, when it has no front matter.</summary>
    public static FrontMatter? Read(string text, string file, List<Diagnostic> diagnostics)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var end = lines[0].TrimEnd() == Fence ? Array.FindIndex(lines, 1, static line => line.TrimEnd() == Fence) : -1;
        if (end < 0)
        {
            diagnostics.Add(
                new(
                    DiagnosticSeverity.Error,
                    file,
                    1,
                    1,
                    "There is no front matter: the first line must be '---', and another one must end the fields name, "
                        + "description and tools. Nothing of the file is imported."
                )
            );
            return null;
        }

        var fields = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var body = string.Join('\n', lines.Skip(end + 1)).Trim();
        var ignored = new List<Diagnostic>();
        if (ModesDocument.Parse(string.Join('\n', lines[1..end]), file, ignored)?.Root is YamlMappingNode mapping)
        {
            foreach (var (key, value) in mapping.Children)
            {
                var name = ((YamlScalarNode)key).Value ?? "";
                fields[name] = Values(value);
                places[name] = (int)key.Start.Line + 1;
            }
        }
        else if (lines[1..end].Any(static line => !string.IsNullOrWhiteSpace(line)))
        {
            // Descriptions with ': ' and examples in them are common and no YAML; the tool that wrote them reads line by line.
            diagnostics.Add(
                new(
                    DiagnosticSeverity.Warning,
                    file,
                    2,
                    null,
                    "The front matter is not valid YAML and was read line by line. Put texts with ': ' or '#' in them in quotes."
                )
            );
            ReadLines(lines, end, fields, places);
        }

        return new(fields, places, body);
    }

    private static void ReadLines(string[] lines, int end, Dictionary<string, IReadOnlyList<string>> fields, Dictionary<string, int> places)
    {
        string? current = null;
        for (var index = 1; index < end; index++)
        {
            var line = lines[index];
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && Slug.IsValid(line[..colon]))
            {
                current = line[..colon];
                fields[current] = [line[(colon + 1)..].Trim()];
                places[current] = index + 1;
            }
            else if (current is not null && !string.IsNullOrWhiteSpace(line))
            {
                fields[current] = [$"{fields[current][0]}\n{line.Trim()}".Trim()];
            }
        }
    }

    private static List<string> Values(YamlNode node) =>
        node switch
        {
            YamlScalarNode scalar => ModesDocument.IsNull(scalar) ? [] : [scalar.Value ?? ""],
            YamlSequenceNode list => list.Children.OfType<YamlScalarNode>().Select(static item => item.Value ?? "").ToList(),
            _ => [],
        };
}
