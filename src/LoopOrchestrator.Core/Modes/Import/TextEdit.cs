using System.Text;

namespace LoopOrchestrator.Core.Modes.Import;

/// <summary>A part of a text and what comes in its place; everything around it stays as it is.</summary>
/// <param name="Start">Where the part begins, in UTF-16 units.</param>
/// <param name="End">Where it ends; equal to <paramref name="Start"/> for an insertion.</param>
/// <param name="Text">What comes there.</param>
internal readonly record struct TextEdit(int Start, int End, string Text)
{
    /// <summary>Carries out edits that do not overlap; those at one place in their order.</summary>
    public static string Apply(string text, IEnumerable<TextEdit> edits)
    {
        var result = new StringBuilder();
        var position = 0;
        foreach (var edit in edits.OrderBy(static edit => edit.Start).ThenBy(static edit => edit.End))
        {
            result.Append(text, position, edit.Start - position).Append(edit.Text);
            position = edit.End;
        }

        return result.Append(text, position, text.Length - position).ToString();
    }
}
