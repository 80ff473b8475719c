using LoopOrchestrator.Core.Diagnostics;
using YamlDotNet.RepresentationModel;

namespace LoopOrchestrator.Core.Modes;

/// <summary>Reads one built-in mode from its Markdown file: front matter, then the sections Role and Instructions.</summary>
internal static class BuiltInMode
{
    private const string FrontMatterEnd = "\n---\n";
    private const string RoleHeading = "\n## Role\n";
    private const string InstructionsHeading = "\n## Instructions\n";

    /// <summary>Loads the embedded file of <paramref name="slug"/>.</summary>
    /// <exception cref="InvalidDataException">The file is missing or malformed: a mistake in this program, which a test finds.</exception>
    public static Mode Load(string slug)
    {
        var name = $"modes/{slug}.md";
        using var stream = typeof(BuiltInMode).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidDataException($"The built-in mode '{name}' is not embedded.");
        using var reader = new StreamReader(stream);
        return Parse(slug, reader.ReadToEnd().ReplaceLineEndings("\n"));
    }

    private static Mode Parse(string slug, string text)
    {
        var end = text.IndexOf(FrontMatterEnd, StringComparison.Ordinal);
        var role = text.IndexOf(RoleHeading, StringComparison.Ordinal);
        var instructions = text.IndexOf(InstructionsHeading, StringComparison.Ordinal);
        if (!text.StartsWith("---\n", StringComparison.Ordinal) || end < 0 || role < end || instructions < role)
        {
            throw new InvalidDataException(
                $"The built-in mode '{slug}' needs front matter, '## Role' and '## Instructions', in this order."
            );
        }

        var diagnostics = new List<Diagnostic>();
        var document = ModesDocument.Parse(text[..(end + 1)], slug, diagnostics);
        if (document?.Root is not YamlMappingNode head)
        {
            throw new InvalidDataException(
                $"The front matter of the built-in mode '{slug}' is not a YAML mapping: {string.Join(' ', diagnostics)}"
            );
        }

        var interpreter = new RooModesInterpreter(slug, document.HasPositions, diagnostics);
        var groups = interpreter.ReadGroups(head, slug);
        if (diagnostics.Count > 0)
        {
            throw new InvalidDataException($"The groups of the built-in mode '{slug}' are wrong: {string.Join(' ', diagnostics)}");
        }

        return new()
        {
            Slug = slug,
            Name = Text(head, "name") ?? throw new InvalidDataException($"The built-in mode '{slug}' has no name."),
            Stage = Text(head, "stage") is { } stage ? Enum.Parse<Stage>(stage, ignoreCase: true) : null,
            Description = Text(head, "description"),
            WhenToUse = Text(head, "whenToUse"),
            RoleDefinition = text[(role + RoleHeading.Length)..instructions].Trim(),
            CustomInstructions = text[(instructions + InstructionsHeading.Length)..].Trim(),
            Groups = groups,
            Source = ModeSource.BuiltIn,
        };
    }

    private static string? Text(YamlMappingNode head, string key) =>
        RooModesInterpreter.Child(head, key) is YamlScalarNode { Value: { } value } ? value : null;
}
