using System.Text;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Markdown;

namespace LoopOrchestrator.Core.Todo;

/// <summary>
/// Changes <c>TODO.md</c>: only the bytes that are meant. What a change replaces is kept as a backup. A call that returns has its effect on
/// disk. Safe for use by many threads and processes; an editor that saves at the same moment is noticed and its text kept.
/// </summary>
/// <remarks>
/// An item is named by its id, or by its text where no other item has it. An id survives ticking, notes, and whatever happens to other
/// items; an item that was moved or whose heading was renamed is still found as long as no other has its title. Another title is another
/// item.
/// </remarks>
public sealed class TodoStore
{
    /// <summary>The longest text of an item or note, in characters.</summary>
    public const int MaxTextLength = 2000;

    /// <summary>The heading for items that name none.</summary>
    public const string DefaultSection = "Inbox";

    private readonly WorkspacePaths _paths;
    private readonly SharedFile _file;

    /// <summary>Prepares the store; nothing is opened or created yet.</summary>
    /// <param name="paths">The workspace.</param>
    /// <param name="time">The clock for the names of backups.</param>
    public TodoStore(WorkspacePaths paths, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(paths);
        _paths = paths;
        _file = new SharedFile(
            new SharedPath(paths, paths.Todo, FileSizes.Todo),
            Path.Combine(paths.Locks, Path.GetFileName(paths.Todo) + ".lock"),
            () =>
            {
                StateFolder.Ensure(paths);
                WorkspaceBounds.Check(paths, paths.Todo);
            },
            new FileBackups(paths, paths.Todo, time)
        );
    }

    /// <summary>Ticks an item, or takes its tick away. One that is so already is left alone.</summary>
    /// <exception cref="UserErrorException">No item or more than one is meant, or the file cannot be changed; it is as it was.</exception>
    public ValueTask<TodoChange> TickAsync(string item, bool isCompleted, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(item);
        return ChangeAsync(
            document =>
            {
                var found = TodoFinder.Find(document, item);
                if (found.IsCompleted != isCompleted)
                {
                    SetBox(document.Source.Lines, found.Line - 1, isCompleted);
                }

                return [(found.Id, found.IsCompleted != isCompleted)];
            },
            static changes => changes[0],
            cancellationToken
        );
    }

    /// <summary>Adds a note to an item, after its others. One that stands there already is not repeated.</summary>
    /// <exception cref="UserErrorException">
    /// No item or more than one is meant, the note is empty or too long, or the file cannot be changed; it is as it was.
    /// </exception>
    public ValueTask<TodoChange> NoteAsync(string item, string note, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(note);
        var text = TodoText.Note(TodoText.Check(note, "note"));
        return ChangeAsync(
            document =>
            {
                var found = TodoFinder.Find(document, item);
                var lines = document.Source.Lines;
                if (found.Notes.Any(known => TodoText.Key(TodoLine.Parse(lines[known.Line - 1]).Text) == TodoText.Key(text)))
                {
                    return [(found.Id, false)];
                }

                var layout = new TodoLayout(document);
                Insert(document.Source, layout.EndOfNotes(found), [$"{layout.NoteIndent(found)}- {text}"]);
                return [(found.Id, true)];
            },
            static changes => changes[0],
            cancellationToken
        );
    }

    /// <summary>Adds items at the end of their sections. One that an open item of its section says already is not repeated.</summary>
    /// <returns>One result for each, in the same order.</returns>
    /// <exception cref="UserErrorException">
    /// A text is empty or too long, a section is not clear, or the file cannot be changed; nothing was added.
    /// </exception>
    public ValueTask<IReadOnlyList<TodoChange>> AddAsync(IReadOnlyList<NewTodo> items, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        var wanted = items.Select(Check).ToList();
        return ChangeAsync(document => Add(document, wanted), static changes => changes, cancellationToken);
    }

    private async ValueTask<T> ChangeAsync<T>(
        Func<TodoDocument, IReadOnlyList<(string Id, bool IsChanged)>> change,
        Func<IReadOnlyList<TodoChange>, T> result,
        CancellationToken cancellationToken
    ) =>
        await _file.ChangeAsync(
            old =>
            {
                var file = _paths.Display(_paths.Todo);
                var document = TodoDocument.Parse(old ?? [], file);
                if (document.Source.IsUtf16)
                {
                    throw new UserErrorException(
                        $"{_paths.Todo} is in UTF-16 and is written in UTF-8 only; nothing was changed. Save the file as "
                            + "UTF-8, for example from an editor, and repeat the call."
                    );
                }

                var kept = document.Items.Select(static item => item.Id).ToHashSet(StringComparer.Ordinal);
                var changed = change(document);
                var content = document.ToBytes();

                // Looked at as the next reader will: a change that would not be understood, or that would make other items of others, is
                // not made.
                var after = TodoDocument.Parse(content, file);
                var now = after.Items.ToDictionary(static item => item.Id, StringComparer.Ordinal);
                if (
                    !kept.All(now.ContainsKey)
                    || changed.Any(one => !now.ContainsKey(one.Id))
                    || now.Count
                        != kept.Count
                            + changed.Where(one => !kept.Contains(one.Id)).DistinctBy(static one => one.Id, StringComparer.Ordinal).Count()
                )
                {
                    throw new UserErrorException(
                        $"{_paths.Todo} is laid out so that this change would be read as something else; nothing was "
                            + "changed. Make it with an editor."
                    );
                }

                var statistics = new TodoStatistics(after.Items.Count, after.Items.Count(static item => item.IsCompleted));
                return (
                    changed.Any(static one => one.IsChanged) ? content : null,
                    result([.. changed.Select(one => new TodoChange(now[one.Id], one.IsChanged, statistics))])
                );
            },
            cancellationToken
        );

    private static List<(string Id, bool IsChanged)> Add(TodoDocument document, List<NewTodo> items)
    {
        var results = new (string Id, bool IsChanged)[items.Count];
        foreach (var group in items.Index().GroupBy(static one => TodoText.Key(one.Item.Section!), StringComparer.Ordinal))
        {
            var heading = TodoFinder.FindHeading(document, group.First().Item.Section!)
                ?? AddHeading(document, group.First().Item.Section!);
            var known = document
                .Items.Where(item => !item.IsCompleted && item.Section == heading.Path)
                .DistinctBy(static item => TodoText.Key($"{item.Title} {item.Detail}"), StringComparer.Ordinal)
                .ToDictionary(static item => TodoText.Key($"{item.Title} {item.Detail}"), static item => item.Id, StringComparer.Ordinal);
            var occurrences = document
                .Items.Where(item => item.Section == heading.Path)
                .GroupBy(static item => TodoText.Key(item.Title), StringComparer.Ordinal)
                .ToDictionary(static same => same.Key, static same => same.Count(), StringComparer.Ordinal);
            var layout = new TodoLayout(document);
            var lines = new List<string>();
            var added = 0;
            foreach (var (index, item) in group)
            {
                var (title, detail) = TodoLine.SplitTitle(item.Text);
                var key = TodoText.Key($"{title} {detail}");
                if (known.TryGetValue(key, out var same))
                {
                    results[index] = (same, false);
                    continue;
                }

                var bullet = layout.NextBullet(heading, added++);
                if (lines.Count == 0 || layout.IsSpaced(heading))
                {
                    lines.Add("");
                }

                lines.Add($"{bullet} [ ] {item.Text}");
                var indent = layout.Unit(bullet + " ");
                lines.AddRange(
                    (item.Acceptance is null ? [] : new[] { $"**Acceptance**: {item.Acceptance}" })
                        .Concat(item.Notes ?? [])
                        .Select(note => $"{indent}- {note}")
                );
                var occurrence = occurrences[TodoText.Key(title)] = occurrences.GetValueOrDefault(TodoText.Key(title)) + 1;
                known[key] = TodoId.Make(heading.Path, TodoText.Key(title), occurrence);
                results[index] = (known[key], true);
            }

            if (lines.Count > 0)
            {
                var at = layout.EndOfItems(heading);

                // The blank line sets the first off from a heading or a text; after an item only where the others are set off as well.
                var follows = document.Items.Any(item => item.Line > heading.Line && item.Line <= at && item.Section == heading.Path);
                Insert(document.Source, at, follows && !layout.IsSpaced(heading) ? lines[1..] : lines);
                document.Reread();
            }
        }

        return [.. results];
    }

    private static TodoHeading AddHeading(TodoDocument document, string section)
    {
        var lines = document.Source.Lines;
        List<string> added =
            lines.All(static line => line.IsBlank) ? ["# TODO", "", $"## {section}"]
            : lines[^1].IsBlank ? [$"## {section}"]
            : ["", $"## {section}"];
        Insert(document.Source, lines.Count, added);
        document.Reread();
        return TodoFinder.FindHeading(document, section)
            ?? throw new UserErrorException(
                $"A heading \"{section}\" would not be read as one here; nothing was changed. Choose another section."
            );
    }

    private static NewTodo Check(NewTodo item)
    {
        var section = TodoText.Clean(item.Section ?? "").TrimStart('#', ' ');
        return new NewTodo(
            TodoText.Check(item.Text, "text"),
            section.Length == 0 ? DefaultSection : TodoText.Check(section, "section"),
            string.IsNullOrWhiteSpace(item.Acceptance) ? null : TodoText.Check(item.Acceptance, "acceptance"),
            [.. (item.Notes ?? []).Select(static note => TodoText.Note(TodoText.Check(note, "note")))]
        );
    }

    private static void Insert(SourceText source, int at, IReadOnlyList<string> lines)
    {
        if (at == source.Lines.Count)
        {
            source.CompleteLastLine();
        }

        source.Lines.InsertRange(at, lines.Select(source.NewLine));
    }

    // Before the box of an item stand a bullet and white space only, so the first bracket is the box's.
    private static void SetBox(List<SourceLine> lines, int index, bool isCompleted)
    {
        var raw = lines[index].Raw.ToArray();
        raw[Array.IndexOf(raw, (byte)'[') + 1] = (byte)(isCompleted ? 'x' : ' ');
        lines[index] = new SourceLine(Encoding.UTF8.GetString(raw), raw);
    }
}
