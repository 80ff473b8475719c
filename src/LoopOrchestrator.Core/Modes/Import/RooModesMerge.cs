using System.Text;
using System.Text.Unicode;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Errors;
using YamlDotNet.RepresentationModel;

namespace LoopOrchestrator.Core.Modes.Import;

/// <summary>
/// Merges modes into the bytes of a <c>.roomodes</c>. What stands there keeps its bytes; the result is read again before it is given
/// out, and one that does not hold exactly the old modes and the new is refused. Pure.
/// </summary>
internal static class RooModesMerge
{
    /// <summary>Merges <paramref name="modes"/>, each slug once.</summary>
    /// <param name="old">The file's content; <see langword="null"/> when there is none.</param>
    /// <param name="modes">What to merge.</param>
    /// <param name="replace">Whether an entry with the same slug is replaced; else it stays and the new one is left out.</param>
    /// <param name="file">How errors name the file.</param>
    /// <returns>The new content, <see langword="null"/> when nothing changes, and what was done.</returns>
    /// <exception cref="UserErrorException">The file cannot be read, or not be changed without touching what should stay.</exception>
    public static (byte[]? Content, ImportResult Result) Merge(byte[]? old, IReadOnlyList<Mode> modes, bool replace, string file)
    {
        ArgumentNullException.ThrowIfNull(modes);
        old ??= [];
        if (old is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] || !Utf8.IsValid(old))
        {
            throw new UserErrorException(
                $"{file} is not UTF-8 text, so nothing can be added to it without changing the rest. Save it as UTF-8, "
                    + "then import again; nothing was changed."
            );
        }

        var mark = old is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0;
        var text = Encoding.UTF8.GetString(old.AsSpan(mark));
        var before = RooModesFile.Read(old, file);
        var slugs = Slugs(text, file);
        var known = slugs.OfType<string>().ToHashSet(StringComparer.Ordinal);
        var added = modes.Where(mode => !known.Contains(mode.Slug)).ToList();
        var replaced = replace ? modes.Where(mode => known.Contains(mode.Slug)).ToList() : [];
        var result = new ImportResult(
            added.Select(static mode => mode.Slug).ToList(),
            replaced.Select(static mode => mode.Slug).ToList(),
            replace ? [] : modes.Where(mode => known.Contains(mode.Slug)).Select(static mode => mode.Slug).ToList(),
            Backup: null
        );
        if (added.Count + replaced.Count == 0)
        {
            return (null, result);
        }

        var content = text.AsSpan().TrimStart() is ['{', ..]
            ? JsonModesMerge.Merge(old, file, slugs, added, replaced)
            : [.. old.AsSpan(0, mark), .. Encoding.UTF8.GetBytes(YamlModesMerge.Merge(text, slugs, added, replaced))];
        Verify(before, RooModesFile.Read(content, file), added.Concat(replaced), file);
        if ((slugs.Count == 0 || RooAcceptance.Check(old, file).Count == 0) && RooAcceptance.Check(content, file) is [var refusal, ..])
        {
            throw new UserErrorException($"Nothing was imported, because of what would be written: {refusal}");
        }

        return (content, result);
    }

    // Of all entries, also of those that are not in force because something is wrong with them.
    private static List<string?> Slugs(string text, string file)
    {
        var diagnostics = new List<Diagnostic>();
        if (ModesDocument.Parse(text, file, diagnostics) is not { } document)
        {
            throw new UserErrorException(
                $"{file} cannot be read, so nothing was imported: "
                    + $"{(diagnostics.Count > 0 ? diagnostics[0] : "it is no YAML and no JSON")} 'modes lint' shows what is wrong."
            );
        }

        if (diagnostics.Count > 0)
        {
            throw new UserErrorException($"Nothing was imported: {diagnostics[0]}");
        }

        return document.Root is YamlMappingNode root && RooModesInterpreter.Child(root, "customModes") is YamlSequenceNode list
                ? list
                    .Children.Select(static node =>
                        node is YamlMappingNode entry && RooModesInterpreter.Child(entry, "slug") is YamlScalarNode slug ? slug.Value : null
                    )
                    .ToList()
            : ModesDocument.IsNull(document.Root)
            || (
                document.Root is YamlMappingNode empty
                && (RooModesInterpreter.Child(empty, "customModes") is not { } value || ModesDocument.IsNull(value))
            )
                ? []
            : throw new UserErrorException(
                $"{file} does not hold a list of modes under 'customModes', so nothing can be added to it. 'modes lint' "
                    + "says what is wrong; nothing was changed."
            );
    }

    private static void Verify(RooModesResult before, RooModesResult after, IEnumerable<Mode> changed, string file)
    {
        var expected = before.Modes.ToDictionary(static mode => mode.Slug, StringComparer.Ordinal);
        foreach (var mode in changed)
        {
            expected[mode.Slug] = mode;
        }

        if (
            after.Modes.Count != expected.Count
            || after.Modes.Any(mode => !expected.TryGetValue(mode.Slug, out var wanted) || !Same(mode, wanted))
        )
        {
            throw new UserErrorException(
                $"{file} is written in a way in which modes cannot be added or replaced without changing others, so "
                    + "nothing was changed. Give its list the usual form (customModes:, then one '- slug: ...' for each "
                    + "mode) and end the file with an empty line, then import again."
            );
        }
    }

    private static bool Same(Mode left, Mode right) => Plain(left) == Plain(right);

    private static Mode Plain(Mode mode) =>
        mode with
        {
            Stage = null,
            Source = ModeSource.Workspace,
            Description = NullIfEmpty(mode.Description),
            WhenToUse = NullIfEmpty(mode.WhenToUse),
            CustomInstructions = NullIfEmpty(mode.CustomInstructions),
            Groups = mode
                .Groups.Select(static group => new ModeGroup(group.Name, NullIfEmpty(group.FileRegex), NullIfEmpty(group.Description)))
                .ToList(),
        };

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
