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

    /// <summary>
    /// Parses <paramref name="text"/>; <see langword="null"/>, with one error in <paramref name="diagnostics"/>, when neither reading
    /// succeeds.
    /// </summary>
    public static ModesDocument? Parse(string text, string file, List<Diagnostic> diagnostics)
    {
        Diagnostic yamlError;
        try
        {
            var documents = Inspect(text);
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            if (documents > 1)
            {
                diagnostics.Add(
                    new(
                        DiagnosticSeverity.Warning,
                        file,
                        null,
                        null,
                        $"The file holds {documents} YAML documents and only the first is read. Remove the lines '---' "
                            + "between them and put all modes under one 'customModes:'."
                    )
                );
            }

            return new(stream.Documents is [var first, ..] ? first.RootNode : new YamlScalarNode(), HasPositions: true);
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
    /// Goes through the events, which takes no recursion, and refuses what would harm when loaded. Returns the number of documents.
    /// </summary>
    private static int Inspect(string text)
    {
        var parser = new Parser(new StringReader(text));
        var open = new Stack<(bool IsMapping, bool KeyIsNext)>();
        var documents = 0;
        var nodes = 0;
        while (parser.MoveNext())
        {
            var current = parser.Current;
            if (current is DocumentStart)
            {
                documents++;
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

        return documents;
    }

    private static YamlNode Convert(JsonElement element)
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
