using LoopOrchestrator.Core.Text;
using LoopOrchestrator.Mcp.Pages.Layout;

namespace LoopOrchestrator.Mcp.Pages.Schedules;

/// <summary>Draws the fields of the form of a schedule, each with its label, what to write there, and what is wrong with it.</summary>
/// <param name="values">What stands in them.</param>
/// <param name="faults">What is wrong, by field.</param>
internal sealed class FieldWriter(ScheduleValues values, IReadOnlyDictionary<string, string> faults)
{
    /// <summary>What stood in each field when the form was opened.</summary>
    public Html Was() =>
        Html.Join(
            values.Before.Select(static one =>
                Html.Of($"""<input type="hidden" name="{ScheduleValues.WasPrefix + one.Key}" value="{one.Value}">""")
            )
        );

    /// <summary>A line of text.</summary>
    /// <param name="name">The field.</param>
    /// <param name="label">Its label.</param>
    /// <param name="hint">What to write.</param>
    /// <param name="more">Further attributes, a literal.</param>
    /// <param name="isWide">Whether it takes a whole row.</param>
    /// <param name="isMono">Whether its characters are to be told apart.</param>
    public Html Text(string name, string label, string hint, string more = "", bool isWide = false, bool isMono = false) =>
        Field(
            name,
            label,
            hint,
            Html.Of(
                $"""
                <input id="{name}" name="{name}" value="{values[name]}"{Html.If(isMono, $" class=\"mono\"")} {Html.OfMarkup(
                    more
                )}{Described(name)}>
                """
            ),
            isWide
        );

    /// <summary>Lines of text.</summary>
    public Html Area(string name, string label, string hint) =>
        Field(
            name,
            label,
            hint,
            Html.Of($"""<textarea id="{name}" name="{name}" rows="6"{Described(name)}>{"\n"}{values[name]}</textarea>"""),
            isWide: true
        );

    /// <summary>One of several.</summary>
    internal Html Choice(string name, string label, IReadOnlyList<(string Value, string Text)> choices) =>
        Field(
            name,
            label,
            hint: "",
            Html.Of(
                $"""
                <select id="{name}" name="{name}"{Described(name, hasHint: false)}>{choices.Select(choice =>
                    Html.Of(
                        $"""<option value="{choice.Value}"{Html.If(choice.Value == values[name], $" selected")}>{choice.Text}</option>"""
                    )
                )}</select>
                """
            ),
            isWide: false
        );

    /// <summary>Any of several.</summary>
    internal Html Boxes(string name, string label, string hint, IReadOnlyList<(string Value, string Text)> choices)
    {
        var chosen = values[name].Split(',');
        return Html.Of(
            $"""
            <fieldset class="field wide"><legend>{label}</legend><div class="actions">{choices.Select(choice =>
                Html.Of(
                    $"""
                    <label><input type="checkbox" name="{name}" value="{choice.Value}"{Html.If(
                        chosen.Contains(choice.Value, StringComparer.Ordinal),
                        $" checked"
                    )}> {choice.Text}</label>
                    """
                )
            )}</div>{Hint(name, hint)}{Fault(name)}</fieldset>
            """
        );
    }

    private Html Field(string name, string label, string hint, Html input, bool isWide) =>
        Html.Of(
            $"""
            <div class="field{Html.If(isWide, $" wide")}"><label for="{name}">{label}</label>{input}{Hint(name, hint)}{Fault(name)}</div>
            """
        );

    private static Html Hint(string name, string hint) => Html.If(hint.Length > 0, $"""<p class="hint" id="{name}-hint">{hint}</p>""");

    private Html Fault(string name) =>
        faults.TryGetValue(name, out var fault)
            ? Html.Of($"""<p class="error" id="{name}-error">{PageWords.Of(Sentence.Begin(fault))}.</p>""")
            : Html.None;

    private Html Described(string name, bool hasHint = true)
    {
        string?[] parts = [hasHint ? $"{name}-hint" : null, faults.ContainsKey(name) ? $"{name}-error" : null];
        var ids = string.Join(' ', parts.OfType<string>());
        return Html.Of(
            $"""{Html.If(faults.ContainsKey(name), $" aria-invalid=\"true\"")}{Html.If(
                ids.Length > 0,
                $" aria-describedby=\"{ids}\""
            )}"""
        );
    }
}
