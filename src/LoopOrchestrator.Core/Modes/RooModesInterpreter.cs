using System.Text.RegularExpressions;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Text;
using YamlDotNet.RepresentationModel;

namespace LoopOrchestrator.Core.Modes;

/// <summary>Makes modes of the nodes of one file. For one reading; not thread safe.</summary>
internal sealed partial class RooModesInterpreter(string file, bool hasPositions, List<Diagnostic> diagnostics)
{
    // An alias repeats a whole list for two bytes, so what is walked through is bounded by number, not only by the file's size.
    private const int MaxModes = 1_000;
    private const int MaxGroups = 100;

    // Past these a reader has seen enough, and a file made of errors must not fill the memory with complaints.
    private const int MaxDiagnostics = 200;

    private readonly FileRegexCheck _regexes = new();
    private int _errors;
    private int _added;
    private int _browsers;
    private YamlNode? _browser;

    [GeneratedRegex("^[a-zA-Z0-9-]+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex SlugPattern { get; }

    /// <summary>Reads the modes below <paramref name="root"/>; entries with an error are left out.</summary>
    public List<Mode> Read(YamlNode root)
    {
        var modes = new List<Mode>();
        if (Entries(root) is not { } entries)
        {
            return modes;
        }

        var lines = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        if (entries.Children.Count > MaxModes)
        {
            Add(
                DiagnosticSeverity.Error,
                entries.Children[MaxModes],
                $"The file lists {entries.Children.Count} modes, and only the first {MaxModes} are read. Remove those that are not used."
            );
        }

        for (var index = 0; index < Math.Min(entries.Children.Count, MaxModes); index++)
        {
            var node = entries.Children[index];
            if (ReadMode(node, index + 1) is not { } mode)
            {
                continue;
            }

            if (lines.TryGetValue(mode.Slug, out var first))
            {
                var where = hasPositions ? $" on line {first.Start.Line}" : "";
                Add(
                    DiagnosticSeverity.Warning,
                    node,
                    $"Mode '{mode.Slug}' is defined twice; the first{where} is in force and this one is passed over. Rename or remove one."
                );
                continue;
            }

            lines.Add(mode.Slug, node);
            modes.Add(mode);
        }

        if (_browser is not null)
        {
            // Old files have it in every mode; once is enough to say so.
            var times = _browsers == 1 ? "" : $" ({_browsers} times, first here)";
            Add(
                DiagnosticSeverity.Information,
                _browser,
                $"The group 'browser' no longer exists and is ignored{times}. It can be removed."
            );
        }

        if (_added > MaxDiagnostics)
        {
            diagnostics.Add(
                new(
                    DiagnosticSeverity.Warning,
                    file,
                    null,
                    null,
                    $"{_added - MaxDiagnostics} more findings are not listed. Fix those above first."
                )
            );
        }

        return modes;
    }

    private YamlSequenceNode? Entries(YamlNode root)
    {
        if (ModesDocument.IsNull(root))
        {
            return null;
        }

        if (root is YamlSequenceNode)
        {
            Add(
                DiagnosticSeverity.Error,
                root,
                "The file is a bare list. Put the line 'customModes:' above it (in JSON: {\"customModes\": [...]}); until "
                    + "then no mode of it is in force."
            );
            return null;
        }

        if (root is not YamlMappingNode mapping)
        {
            Add(
                DiagnosticSeverity.Error,
                root,
                "The file is a single value. It must be a mapping with the key 'customModes:' and a list of modes below "
                    + "it; no mode of it is in force."
            );
            return null;
        }

        if (Child(mapping, "customModes") is not { } list)
        {
            Add(
                DiagnosticSeverity.Error,
                root,
                "The key 'customModes' is missing at the top of the file, so no mode of it is in force. Add "
                    + "'customModes:' and indent the list of modes below it."
            );
            return null;
        }

        if (list is YamlSequenceNode sequence)
        {
            return sequence;
        }

        if (!ModesDocument.IsNull(list))
        {
            Add(
                DiagnosticSeverity.Error,
                list,
                "'customModes' must be a list: begin each mode with '- slug: ...'. No mode of the file is in force."
            );
        }

        return null;
    }

    private Mode? ReadMode(YamlNode node, int number)
    {
        if (node is not YamlMappingNode entry)
        {
            Add(
                DiagnosticSeverity.Error,
                node,
                $"Entry {number} of 'customModes' is not a mapping and is left out. A mode has the keys slug, name, "
                    + "roleDefinition and groups."
            );
            return null;
        }

        var errors = _errors;
        var label =
            Child(entry, "slug") is YamlScalarNode { Value.Length: > 0 } named && !ModesDocument.IsNull(named)
                ? $"Mode '{Shown(named.Value)}'"
                : $"Mode number {number}";
        var slug = Required(entry, label, "slug", "a name of letters, digits and hyphens");
        if (slug is not null && !(SlugPattern.IsMatch(slug) && !slug.EndsWith('\n')))
        {
            Add(
                DiagnosticSeverity.Error,
                Child(entry, "slug")!,
                $"{label} is left out: 'slug' may hold only letters, digits and hyphens. Rename it, and where schedules use it too."
            );
        }

        var mode = new Mode
        {
            Slug = slug ?? "",
            Name = Required(entry, label, "name", "the name that people see") ?? "",
            RoleDefinition = Required(entry, label, "roleDefinition", "a text that says who the agent is and what it answers for") ?? "",
            Description = Optional(entry, label, "description"),
            WhenToUse = Optional(entry, label, "whenToUse"),
            CustomInstructions = Optional(entry, label, "customInstructions"),
            Rules = RulesOf(entry),
            Groups = ReadGroups(entry, label),
            Source = ModeSource.Workspace,
        };

        return _errors == errors ? mode : null;
    }

    // Roo Code writes them into an export and passes over any that is odd; so does this.
    private static List<ModeRule> RulesOf(YamlMappingNode entry) =>
        Child(entry, "rulesFiles") is not YamlSequenceNode { Children: var files }
            ? []
            :
            [
                .. files
                    .Take(MaxGroups)
                    .OfType<YamlMappingNode>()
                    .Select(static file => (Path: Child(file, "relativePath"), Text: Child(file, "content")))
                    .Where(static file =>
                        file is { Path: YamlScalarNode { Value.Length: > 0 }, Text: YamlScalarNode { Value.Length: > 0 } }
                    )
                    .Select(static file => new ModeRule(((YamlScalarNode)file.Path!).Value!, ((YamlScalarNode)file.Text!).Value!)),
            ];

    private string? Required(YamlMappingNode entry, string label, string key, string what)
    {
        var node = Child(entry, key);
        if (node is YamlScalarNode { Value: { } value } && !ModesDocument.IsNull(node) && !string.IsNullOrWhiteSpace(value))
        {
            return value;
        }

        var problem =
            node is null ? $"'{key}' is missing{MergeHint(entry)}"
            : node is YamlScalarNode ? $"'{key}' is empty"
            : $"'{key}' is not a text";
        Add(DiagnosticSeverity.Error, node ?? entry, $"{label} is left out: {problem}. Give it {what}.");
        return null;
    }

    private string? Optional(YamlMappingNode entry, string label, string key)
    {
        switch (Child(entry, key))
        {
            case null:
                return null;
            case YamlScalarNode scalar:
                return ModesDocument.IsNull(scalar) || string.IsNullOrEmpty(scalar.Value) ? null : scalar.Value;
            case var other:
                Add(
                    DiagnosticSeverity.Error,
                    other,
                    $"{label} is left out: '{key}' is not a text. Write it as text (after '{key}: |-' it may have many lines) or remove it."
                );
                return null;
        }
    }

    /// <summary>Reads the groups of one mode, which <paramref name="label"/> names in findings.</summary>
    public List<ModeGroup> ReadGroups(YamlMappingNode entry, string label)
    {
        var groups = new List<ModeGroup>();
        var node = Child(entry, "groups");
        if (node is not YamlSequenceNode list)
        {
            var problem =
                node is null ? $"'groups' is missing{MergeHint(entry)}"
                : ModesDocument.IsNull(node) ? "'groups' is missing"
                : "'groups' is not a list";
            Add(
                DiagnosticSeverity.Error,
                node ?? entry,
                $"{label} is left out: {problem}. List what it may use, from read, edit, command, mcp and modes; an empty "
                    + "list ([]) allows nothing."
            );
            return groups;
        }

        if (list.Children.Count > MaxGroups)
        {
            Add(
                DiagnosticSeverity.Error,
                list,
                $"{label} is left out: 'groups' has {list.Children.Count} entries, and at most {MaxGroups} are read. "
                    + "There are five groups; list each once."
            );
            return groups;
        }

        foreach (var item in list.Children)
        {
            if (ReadGroup(item, label) is not { } group)
            {
                continue;
            }

            if (string.Equals(group.Name, "browser", StringComparison.Ordinal))
            {
                _browser ??= item;
                _browsers++;
            }
            else if (groups.Exists(known => string.Equals(known.Name, group.Name, StringComparison.Ordinal)))
            {
                Add(
                    DiagnosticSeverity.Warning,
                    item,
                    $"{label}: the group '{Shown(group.Name)}' stands there twice and the first counts. Remove one; Roo refuses the file."
                );
            }
            else
            {
                if (!ModeGroup.IsKnown(group.Name))
                {
                    Add(
                        DiagnosticSeverity.Warning,
                        item,
                        $"{label}: the group '{Shown(group.Name)}' is unknown and allows nothing"
                            + $"{(NearestName.Find(group.Name, ModeGroup.Known) is { } nearest ? $"; nearest: {nearest}" : "")}. "
                            + "Known are read, edit, command, mcp and modes."
                    );
                }

                groups.Add(group);
            }
        }

        return groups;
    }

    private ModeGroup? ReadGroup(YamlNode item, string label)
    {
        if (item is YamlScalarNode plain && !string.IsNullOrWhiteSpace(plain.Value) && !ModesDocument.IsNull(plain))
        {
            return new(plain.Value);
        }

        if (
            item is not YamlSequenceNode { Children: [YamlScalarNode { Value.Length: > 0 } name, ..] } pair
            || ModesDocument.IsNull(name)
            || string.IsNullOrWhiteSpace(name.Value)
            || pair.Children.Skip(1).Any(part => part is not YamlMappingNode)
        )
        {
            Add(
                DiagnosticSeverity.Error,
                item,
                $"{label} is left out: an entry of 'groups' is neither a group's name nor a pair such as [edit, "
                    + $"{{fileRegex: '\\.md$', description: Markdown}}]."
            );
            return null;
        }

        if (pair.Children.Count > 2)
        {
            // Seen in use: '- fileRegex' and '- description' as two list items. What was meant is plain, so it holds.
            Add(
                DiagnosticSeverity.Warning,
                item,
                $"{label}: the options of the group '{Shown(name.Value)}' are split over several list items and were read "
                    + "as one. Join them into one mapping; Roo refuses the file."
            );
        }

        var options = pair.Children.Skip(1).Cast<YamlMappingNode>().ToList();
        var group = new ModeGroup(name.Value, Option(options, label, "fileRegex"), Option(options, label, "description"));
        return group.FileRegex is { } regex && !IsValid(regex, label, options) ? null : group;
    }

    private string? Option(List<YamlMappingNode> options, string label, string key) =>
        options.Find(option => Child(option, key) is not null) is { } holder ? Optional(holder, label, key) : null;

    private bool IsValid(string regex, string label, List<YamlMappingNode> options)
    {
        if (_regexes.ProblemOf(regex) is not { } problem)
        {
            return true;
        }

        // Dropping only the filter would allow more than was asked for.
        Add(
            DiagnosticSeverity.Error,
            options[0],
            $"{label} is left out: 'fileRegex' is not a usable regular expression ({problem}). Fix it or remove it; in "
                + "single quotes a backslash stands for itself."
        );
        return false;
    }

    /// <summary>The value of <paramref name="key"/>; <see langword="null"/> when the mapping has no such key.</summary>
    public static YamlNode? Child(YamlMappingNode mapping, string key) =>
        mapping.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;

    /// <summary>What to say behind "is missing" where the mapping takes its values from another one.</summary>
    public static string MergeHint(YamlMappingNode mapping) =>
        Child(mapping, "<<") is null ? "" : " ('<<' is a key like any other in YAML 1.2, and merges nothing)";

    private static string Shown(string value)
    {
        var line = value.ReplaceLineEndings(" ");
        return line.Length <= 60 ? line : string.Concat(TextCut.Head(line, 60), "...");
    }

    private void Add(DiagnosticSeverity severity, YamlNode node, string message)
    {
        _errors += severity == DiagnosticSeverity.Error ? 1 : 0;
        if (++_added > MaxDiagnostics)
        {
            return;
        }

        var known = hasPositions && node.Start is { Line: >= 1 and <= int.MaxValue, Column: >= 1 and <= int.MaxValue };
        diagnostics.Add(new(severity, file, known ? (int)node.Start.Line : null, known ? (int)node.Start.Column : null, message));
    }
}
