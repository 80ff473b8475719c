using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Modes.Import;

/// <summary>Makes a mode of an agent of Claude Code (<c>.claude/agents/*.md</c>): front matter, and instructions below it. Pure.</summary>
internal static class ClaudeAgentFile
{
    private const int MaxDescriptionLength = 200;
    private const int MaxRoleLength = 2_000;

    /// <summary>Reads a file. Never throws for what is in it.</summary>
    /// <param name="content">The file's bytes.</param>
    /// <param name="file">How findings name it.</param>
    /// <param name="stem">The file's name without its extension, for an agent that names itself nowhere.</param>
    public static ImportSource Read(ReadOnlyMemory<byte> content, string file, string stem)
    {
        ArgumentNullException.ThrowIfNull(stem);
        var diagnostics = new List<Diagnostic>();
        if (content.Length > RooModesFile.MaxBytes)
        {
            diagnostics.Add(
                new(
                    DiagnosticSeverity.Error,
                    file,
                    null,
                    null,
                    $"The file has {content.Length} bytes, and at most {RooModesFile.MaxBytes} are read. It is not imported."
                )
            );
            return new(file, [], diagnostics);
        }

        return
            RooModesText.Decode(content.Span, file, diagnostics) is { } text
            && FrontMatter.Read(text, file, diagnostics) is { } matter
            && ToMode(matter, file, stem, diagnostics) is { } mode
            ? new(file, [mode], diagnostics)
            : new(file, [], diagnostics);
    }

    private static Mode? ToMode(FrontMatter matter, string file, string stem, List<Diagnostic> diagnostics)
    {
        var given = Field(matter, "name");
        var name = given ?? stem;
        var slug = ImportedSlug.Of(name);
        if (slug.Length == 0)
        {
            Say(
                DiagnosticSeverity.Error,
                "name",
                $"no slug can be made of the name '{Shown(name)}': it has no letter and no digit. The agent is not imported; give it a name"
            );
            return null;
        }

        if (given is null)
        {
            Say(DiagnosticSeverity.Warning, "name", $"'name' is missing; the mode is called '{slug}' after the file");
        }
        else if (slug != given)
        {
            Say(
                DiagnosticSeverity.Warning,
                "name",
                $"'{Shown(given)}' is no slug; the mode is called '{slug}'. Use that name in schedules and tools"
            );
        }

        if (matter.Body.Length == 0)
        {
            Say(DiagnosticSeverity.Warning, "name", "there are no instructions below the front matter");
        }

        foreach (var field in matter.Fields.Keys.Where(static field => field is not ("name" or "description" or "tools")))
        {
            Say(
                DiagnosticSeverity.Information,
                field,
                field == "model"
                    ? $"'model' is not carried over: which program does the work of a mode is said under modes.{slug}.agent "
                        + "in mcp_startup.json"
                    : $"'{Shown(field)}' has no counterpart in a mode and is not carried over"
            );
        }

        var description = Field(matter, "description");
        var (role, instructions) = Split(matter.Body, name, description);
        return new()
        {
            Slug = slug,
            Name = name.ReplaceLineEndings(" "),
            Description = description is null ? null : Shorten(description),
            WhenToUse = description,
            RoleDefinition = role,
            CustomInstructions = instructions,
            Groups = Groups(),
            Source = ModeSource.Workspace,
        };

        IReadOnlyList<ModeGroup> Groups()
        {
            var tools = matter.Fields.TryGetValue("tools", out var values) ? values.SelectMany(Tools).ToList() : [];
            if (tools.Count == 0 || tools.Contains("*", StringComparer.Ordinal))
            {
                return ClaudeTools.All;
            }

            var (groups, lost) = ClaudeTools.Map(tools);
            foreach (var loss in lost)
            {
                Say(DiagnosticSeverity.Information, "tools", loss);
            }

            if (groups.Count == 0)
            {
                Say(DiagnosticSeverity.Warning, "tools", "none of its tools has a group, so the mode may only think and answer");
            }

            return groups;
        }

        void Say(DiagnosticSeverity severity, string field, string message) =>
            diagnostics.Add(
                new(severity, file, matter.Lines.TryGetValue(field, out var line) ? line : 1, null, $"Agent '{Shown(name)}': {message}.")
            );
    }

    // A comma inside brackets belongs to the tool: Bash(git add:*, git status).
    private static List<string> Tools(string text)
    {
        var tools = new List<string>();
        var start = 0;
        var depth = 0;
        for (var index = 0; index <= text.Length; index++)
        {
            if (index == text.Length || (text[index] is ',' or '\n' && depth == 0))
            {
                tools.Add(text[start..index].Trim().Trim('[', ']', '"', '\''));
                start = index + 1;
            }
            else
            {
                depth = Math.Max(
                    0,
                    depth
                        + text[index] switch
                        {
                            '(' => 1,
                            ')' => -1,
                            _ => 0,
                        }
                );
            }
        }

        return tools.Where(static tool => tool.Length > 0).ToList();
    }

    // A mode says who its agent is apart from how it works; such files mostly begin with the first.
    private static (string Role, string? Instructions) Split(string body, string name, string? description)
    {
        var end = body.IndexOf("\n\n", StringComparison.Ordinal);
        var first = end < 0 ? body : body[..end];
        var rest = end < 0 ? null : body[end..].Trim();
        return first.Length is > 0 and <= MaxRoleLength && first.StartsWith("You ", StringComparison.Ordinal)
            ? (first, rest)
            : (
                string.IsNullOrWhiteSpace(description) ? $"You are {name}." : $"You are {name}. {Shorten(description)}",
                body.Length == 0 ? null : body
            );
    }

    private static string? Field(FrontMatter matter, string name) =>
        matter.Fields.TryGetValue(name, out var values) && string.Join(", ", values).Trim() is { Length: > 0 } text ? text : null;

    private static string Shorten(string text)
    {
        var line = text.Split('\n')[0].Split("\\n")[0].Trim();
        return line.Length <= MaxDescriptionLength ? line : TextCut.Shorten(line, MaxDescriptionLength - 1);
    }

    private static string Shown(string text) => TextCut.Shorten(text.ReplaceLineEndings(" "), 60);
}
