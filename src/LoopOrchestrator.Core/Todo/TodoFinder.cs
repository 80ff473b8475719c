using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Todo;

/// <summary>Finds the one item or heading that somebody means.</summary>
internal static class TodoFinder
{
    private const int MaxNamed = 5;

    /// <summary>
    /// The item with this id; else the only one with the title that the id was made from, because it was moved or its heading renamed;
    /// else the only one with this text.
    /// </summary>
    /// <exception cref="UserErrorException">There is none, or more than one.</exception>
    public static TodoItem Find(TodoDocument document, string reference)
    {
        var wanted = reference.Trim();
        var candidates = Candidates(document, wanted);
        return candidates switch
        {
            [var only] => only,
            [] => throw new UserErrorException(
                $"No item of the plan has the id or text \"{wanted}\"; nothing was changed.{Near(document, wanted)} The "
                    + "list of all items (list_todos, or the command 'todo list --all') has their ids."
            ),
            _ => throw new UserErrorException(
                $"{candidates.Count} items fit \"{wanted}\"; nothing was changed. Name one by its id: {Names(candidates)}."
            ),
        };
    }

    /// <summary>The items that a reference may mean, by the rule of <see cref="Find"/>; one where it is clear.</summary>
    public static List<TodoItem> Candidates(TodoDocument document, string reference)
    {
        var wanted = reference.Trim();
        if (document.Items.FirstOrDefault(item => string.Equals(item.Id, wanted, StringComparison.OrdinalIgnoreCase)) is { } exact)
        {
            return [exact];
        }

        var key = TodoText.Key(wanted);
        return TodoId.IsValid(wanted)
            ? document.Items.Where(item => TodoId.HaveSameTitle(item.Id, wanted)).ToList()
            : document
                .Items.Where(item =>
                    key.Length > 0 && (TodoText.Key(item.Title) == key || TodoText.Key($"{item.Title} {item.Detail}") == key)
                )
                .ToList();
    }

    /// <summary>The heading with this title or path; <see langword="null"/> when there is none.</summary>
    /// <exception cref="UserErrorException">There is more than one, or a path leads nowhere.</exception>
    public static TodoHeading? FindHeading(TodoDocument document, string section)
    {
        var key = TodoText.Key(section);
        if (document.Headings.FirstOrDefault(heading => TodoText.Key(heading.Path) == key) is { } whole)
        {
            return whole;
        }

        var found = document
            .Headings.Where(heading => TodoText.Key(heading.Title) == key)
            .DistinctBy(static heading => heading.Path, StringComparer.Ordinal)
            .ToList();
        return found.Count > 1
                ? throw new UserErrorException(
                    $"{found.Count} headings are called \"{section}\"; nothing was changed. Name one by its path: "
                        + $"{string.Join("; ", found.Take(MaxNamed).Select(static heading => $"\"{heading.Path}\""))}."
                )
            : found.Count == 0 && section.Contains(" > ", StringComparison.Ordinal)
                ? throw new UserErrorException(
                    $"No heading has the path \"{section}\"; nothing was changed. Give a title alone to add a section."
                )
            : found.FirstOrDefault();
    }

    private static string Near(TodoDocument document, string wanted)
    {
        var near = document
            .Items.Where(item => wanted.Length > 0 && item.Title.Contains(wanted, StringComparison.OrdinalIgnoreCase))
            .Take(MaxNamed)
            .ToList();
        if (
            near.Count == 0
            && NearestName.Find(
                wanted,
                document.Items.Select(static item => item.Id).Concat(document.Items.Select(static item => item.Title))
            )
                is { } name
        )
        {
            near = [document.Items.First(item => item.Id == name || item.Title == name)];
        }

        return near.Count == 0 ? "" : $" Near it: {Names(near)}.";
    }

    private static string Names(List<TodoItem> items) =>
        string.Join("; ", items.Take(MaxNamed).Select(static item => $"{item.Id} \"{TextCut.Head(item.Title, 80)}\" (line {item.Line})"))
        + (items.Count > MaxNamed ? "; …" : "");
}
