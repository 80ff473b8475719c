using System.Text.RegularExpressions;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Text;
using YamlDotNet.RepresentationModel;

namespace LoopOrchestrator.Core.Modes;

/// <summary>The rules by which Roo Code accepts the values of a file of modes. For one file; not thread safe.</summary>
internal sealed partial class RooModeRules(string file, ModesDocument document)
{
    private const int MaxFindings = 20;

    // Past this its reader takes the file for an attack.
    private const int MaxAliases = 99;

    private static readonly string[] Texts = ["slug", "name", "roleDefinition", "whenToUse", "description", "customInstructions"];
    private static readonly string[] Required = ["slug", "name", "roleDefinition"];

    private readonly RooScalar _scalars = new(document.IsVersion11);
    private readonly List<Diagnostic> _findings = [];

    [GeneratedRegex("^[a-zA-Z0-9-]+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Slug { get; }

    /// <summary>What it would not accept.</summary>
    public IReadOnlyList<Diagnostic> Check()
    {
        if (document.MaxAliases > MaxAliases)
        {
            Add(document.Root, $"one anchor is repeated {document.MaxAliases} times, and it takes {MaxAliases}");
        }
        else if (document.Root is not YamlMappingNode root || RooModesInterpreter.Child(root, "customModes") is not { } list)
        {
            Add(document.Root, "it has no key 'customModes' with a list of modes");
        }
        else if (list is not YamlSequenceNode modes)
        {
            Add(list, $"'customModes' is {_scalars.NoText(list) ?? "a text"}, and no list; without modes write 'customModes: []'");
        }
        else
        {
            CheckModes(modes);
        }

        return _findings.Count <= MaxFindings
            ? _findings
            : [.. _findings.Take(MaxFindings), RooAcceptance.Refused(file, null, $"and {_findings.Count - MaxFindings} reasons more")];
    }

    private void CheckModes(YamlSequenceNode modes)
    {
        var slugs = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < modes.Children.Count; index++)
        {
            var node = modes.Children[index];
            if (node is not YamlMappingNode mode)
            {
                Add(node, $"entry {index + 1} of 'customModes' is {_scalars.NoText(node) ?? "a text"}, and no mode");
                continue;
            }

            var slug = (RooModesInterpreter.Child(mode, "slug") as YamlScalarNode)?.Value ?? "";
            var label = slug.Length > 0 ? $"mode '{TextCut.Head(slug.ReplaceLineEndings(" "), 60)}'" : $"mode number {index + 1}";
            foreach (var key in Texts)
            {
                CheckText(mode, label, key);
            }

            if (RooModesInterpreter.Child(mode, "source") is { } source && !IsText(source, "global") && !IsText(source, "project"))
            {
                Add(source, $"{label}: 'source' may be global or project; remove it");
            }

            CheckGroups(mode, label);
            if (!slugs.Add(slug))
            {
                Add(mode, $"{label} is there twice; rename or remove one");
            }
        }
    }

    private void CheckText(YamlMappingNode mode, string label, string key)
    {
        if (RooModesInterpreter.Child(mode, key) is not { } node)
        {
            if (Required.Contains(key, StringComparer.Ordinal))
            {
                Add(mode, $"{label}: '{key}' is missing{RooModesInterpreter.MergeHint(mode)}");
            }
        }
        else if (_scalars.NoText(node) is { } other)
        {
            Add(
                node,
                $"{label}: '{key}' is {other}, and no text; {(other == "empty" ? "write a text" : "put it in quotes")}{Removal(key)}"
            );
        }
        else if (((YamlScalarNode)node).Value is null or "" && key is "name" or "roleDefinition")
        {
            Add(node, $"{label}: '{key}' is an empty text");
        }
        else if (key == "slug" && !IsSlug(((YamlScalarNode)node).Value!))
        {
            Add(node, $"{label}: 'slug' may hold only letters, digits and hyphens");
        }
    }

    private static string Removal(string key) => Required.Contains(key, StringComparer.Ordinal) ? "" : ", or remove it";

    private static bool IsSlug(string value) => Slug.IsMatch(value) && !value.EndsWith('\n');

    private void CheckGroups(YamlMappingNode mode, string label)
    {
        if (RooModesInterpreter.Child(mode, "groups") is not YamlSequenceNode groups)
        {
            var node = RooModesInterpreter.Child(mode, "groups");
            Add(
                node ?? mode,
                node is null
                    ? $"{label}: 'groups' is missing{RooModesInterpreter.MergeHint(mode)}; without any write 'groups: []'"
                    : $"{label}: 'groups' is no list; without any write 'groups: []'"
            );
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var group in groups.Children.Where(group => !IsText(NameOf(group), "browser")))
        {
            if (ProblemOf(group) is { } problem)
            {
                Add(group, $"{label}: {problem}");
            }
            else if (!seen.Add(((YamlScalarNode)NameOf(group)).Value!))
            {
                Add(group, $"{label}: the group '{((YamlScalarNode)NameOf(group)).Value}' is there twice; join them into one");
            }
        }
    }

    private static YamlNode NameOf(YamlNode group) => group is YamlSequenceNode { Children: [var first, ..] } ? first : group;

    private string? ProblemOf(YamlNode group)
    {
        if (!ModeGroup.Known.Any(known => IsText(NameOf(group), known)))
        {
            var name = (NameOf(group) as YamlScalarNode)?.Value ?? "";
            var nearest = NearestName.Find(name, ModeGroup.Known);
            return $"the group '{TextCut.Head(name.ReplaceLineEndings(" "), 60)}' is unknown"
                + $"{(nearest is null ? "" : $"; nearest: {nearest}")} (groups are {string.Join(", ", ModeGroup.Known)})";
        }

        if (group is not YamlSequenceNode pair)
        {
            return null;
        }

        if (pair.Children is not [_, YamlMappingNode options])
        {
            return "a group in brackets has its name and one mapping of options, such as [edit, {fileRegex: '\\.md$'}]; without options "
                + "write its name alone";
        }

        foreach (var key in new[] { "fileRegex", "description" })
        {
            if (RooModesInterpreter.Child(options, key) is { } option && _scalars.NoText(option) is { } other)
            {
                return $"'{key}' of a group is {other}, and no text; write a text, or remove it";
            }
        }

        return
            RooModesInterpreter.Child(options, "fileRegex") is YamlScalarNode { Value: { } pattern }
            && ScriptRegex.ProblemOf(pattern) is { } problem
            ? $"'fileRegex' is no regular expression of JavaScript: {problem}"
            : null;
    }

    private bool IsText(YamlNode node, string value) =>
        node is YamlScalarNode scalar && scalar.Value == value && _scalars.NoText(node) is null;

    private void Add(YamlNode node, string why)
    {
        var known = document.HasPositions && node.Start is { Line: >= 1 and <= int.MaxValue };
        _findings.Add(RooAcceptance.Refused(file, known ? (int)node.Start.Line : null, why));
    }
}
