using System.Text.Json;
using LoopOrchestrator.Core.Diagnostics;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace LoopOrchestrator.Core.Modes;

/// <summary>
/// A parsed YAML or JSON text as YAML nodes, loaded so that hostile text costs neither the stack nor much memory. Do not
/// call <c>Equals</c>, <c>GetHashCode</c> or <c>ToString</c> on its collections: an alias may make them endless.
/// </summary>
/// <param name="Root">The root of the first document; an empty text gives a scalar that <see cref="IsNull"/>.</param>
/// <param name="HasPositions">Whether the nodes know their lines; not so when the text was read as JSON.</param>
internal sealed record ModesDocument(YamlNode Root, bool HasPositions)
{
    // A .roomodes needs six levels. The representation model recurses per level, and a stack overflow cannot be caught.
    private const int MaxDepth = 64;

    // About a hundred bytes each at the least; the largest file seen in use has 600.
    private const int MaxNodes = 200_000;

    /// <summary>How many documents the text holds; only the first was read.</summary>
    public int Documents { get; private init; } = 1;

    /// <summary>How often one anchor is repeated at the most.</summary>
    public int MaxAliases { get; private init; }

    /// <summary>Whether the text says that it is YAML 1.1.</summary>
    public bool IsVersion11 { get; private init; }

    /// <summary>
    /// Parses <paramref name="text"/>; <see langword="null"/>, with one error in <paramref name="diagnostics"/>, when neither reading
    /// succeeds.
    /// </summary>
    public static ModesDocument? Parse(string text, string file, List<Diagnostic> diagnostics)
    {
        var yamlErrors = new List<Diagnostic>();
        if (ParseYaml(file, () => ModesYaml.Open(text), yamlErrors) is { } yaml)
        {
            if (yaml.Documents > 1)
            {
                diagnostics.Add(
                    new(
                        DiagnosticSeverity.Warning,
                        file,
                        null,
                        null,
                        $"The file holds {yaml.Documents} YAML documents and only the first is read. Remove the lines '---' "
                            + "between them and put all modes under one 'customModes:'."
                    )
                );
            }

            return yaml;
        }

        return ParseJson(text, file, yamlErrors[0], diagnostics);
    }

    /// <summary>As YAML only; <see langword="null"/>, with one error in <paramref name="diagnostics"/>, when it is none.</summary>
    /// <param name="file">How the error names the file.</param>
    /// <param name="open">Opens a parser over it; called twice.</param>
    /// <param name="diagnostics">Where the error goes.</param>
    public static ModesDocument? ParseYaml(string file, Func<IParser> open, List<Diagnostic> diagnostics)
    {
        Diagnostic yamlError;
        try
        {
            var found = Inspect(open());
            var stream = new YamlStream();
            stream.Load(open());
            return found with { Root = stream.Documents is [var first, ..] ? first.RootNode : new YamlScalarNode() };
        }
        catch (YamlException exception)
        {
            yamlError = new(
                DiagnosticSeverity.Error,
                file,
                Number(exception.Start.Line),
                Number(exception.Start.Column),
                $"This is not valid YAML: {Sentence(exception.Message)} No mode of the file is in force until it is mended."
            );
        }
        catch (Exception exception)
            when (exception
                    is ArgumentException
                        or InvalidOperationException
                        or FormatException
                        or OverflowException
                        or IndexOutOfRangeException
            )
        {
            // The scanner's own slips on malformed directives and escapes; they carry no position.
            yamlError = new(
                DiagnosticSeverity.Error,
                file,
                null,
                null,
                $"This is not valid YAML: {Sentence(exception.Message)} No mode of the file is in force until it is mended."
            );
        }

        diagnostics.Add(yamlError);
        return null;
    }

    private static ModesDocument? ParseJson(string text, string file, Diagnostic yamlError, List<Diagnostic> diagnostics)
    {
        try
        {
            using var json = JsonDocument.Parse(
                text,
                new JsonDocumentOptions
                {
                    AllowTrailingCommas = true,
                    CommentHandling = JsonCommentHandling.Skip,
                    MaxDepth = MaxDepth,
                }
            );
            return new(Convert(json.RootElement), HasPositions: false);
        }
        catch (JsonException exception)
        {
            // What was meant decides which of the two complaints helps.
            diagnostics.Add(
                text.AsSpan().TrimStart() is ['{', ..]
                    ? new(
                        DiagnosticSeverity.Error,
                        file,
                        Number(exception.LineNumber + 1),
                        Number(exception.BytePositionInLine + 1),
                        "This is not valid JSON, nor YAML. No mode of the file is in force until the place named is mended."
                    )
                    : yamlError
            );
        }
        catch (InvalidOperationException)
        {
            // A string with half a surrogate pair.
            diagnostics.Add(yamlError);
        }

        return null;
    }

    /// <summary>Whether <paramref name="node"/> is YAML's null: nothing at all, <c>~</c> or an unquoted <c>null</c>.</summary>
    public static bool IsNull(YamlNode node) =>
        node is YamlScalarNode { Style: ScalarStyle.Plain or ScalarStyle.Any } scalar
        && (string.IsNullOrEmpty(scalar.Value) || scalar.Value is "~" or "null" or "Null" or "NULL");

    /// <summary>
    /// Goes through the events, which takes no recursion, and refuses what would harm when loaded. Returns all but the root.
    /// </summary>
    private static ModesDocument Inspect(IParser parser)
    {
        var aliases = new Dictionary<string, int>(StringComparer.Ordinal);
        var isVersion11 = false;
        var open = new Stack<(bool IsMapping, bool KeyIsNext)>();
        var documents = 0;
        var nodes = 0;
        while (parser.MoveNext())
        {
            var current = parser.Current;
            if (current is AnchorAlias alias)
            {
                aliases[alias.Value.Value] = aliases.GetValueOrDefault(alias.Value.Value) + 1;
            }

            if (current is DocumentStart start)
            {
                documents++;
                isVersion11 |= documents == 1 && start.Version is { Version: { Major: 1, Minor: 1 } };
            }
            else if (current is SequenceEnd or MappingEnd)
            {
                open.Pop();
            }
            else if (current is NodeEvent or AnchorAlias)
            {
                if (++nodes > MaxNodes)
                {
                    throw new YamlException(current.Start, current.End, $"there are more than {MaxNodes} values.");
                }

                if (open.TryPop(out var parent))
                {
                    // Keys are hashed, and hashing a collection walks all of it, through aliases too.
                    if (parent is { IsMapping: true, KeyIsNext: true } && current is not Scalar)
                    {
                        throw new YamlException(current.Start, current.End, "a key must be text, not a list, a mapping or an alias.");
                    }

                    open.Push(parent with { KeyIsNext = !parent.KeyIsNext });
                }

                if (current is SequenceStart or MappingStart)
                {
                    open.Push((current is MappingStart, KeyIsNext: true));
                    if (open.Count > MaxDepth)
                    {
                        throw new YamlException(current.Start, current.End, $"values are nested more than {MaxDepth} deep.");
                    }
                }
            }
        }

        return new ModesDocument(new YamlScalarNode(), HasPositions: true)
        {
            Documents = Math.Max(documents, 1),
            MaxAliases = aliases.Count == 0 ? 0 : aliases.Values.Max(),
            IsVersion11 = isVersion11,
        };
    }

    /// <summary>JSON as the nodes of YAML, without places.</summary>
    public static YamlNode Convert(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var mapping = new YamlMappingNode();
                foreach (var property in element.EnumerateObject())
                {
                    mapping.Children[new YamlScalarNode(property.Name)] = Convert(property.Value);
                }

                return mapping;
            case JsonValueKind.Array:
                return new YamlSequenceNode(element.EnumerateArray().Select(Convert));
            case JsonValueKind.String:
                return new YamlScalarNode(element.GetString()) { Style = ScalarStyle.DoubleQuoted };
            default:
                return new YamlScalarNode(element.GetRawText()) { Style = ScalarStyle.Plain };
        }
    }

    private static int? Number(long? value) => value is >= 1 and <= int.MaxValue ? (int)value : null;

    private static string Sentence(string message) => message.EndsWith('.') ? message : message + ".";
}
