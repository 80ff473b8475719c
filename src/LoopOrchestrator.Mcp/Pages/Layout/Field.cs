namespace LoopOrchestrator.Mcp.Pages.Layout;

/// <summary>Fields of forms.</summary>
internal static class Field
{
    /// <summary>A field with its label.</summary>
    /// <param name="id">The id of what is written into.</param>
    /// <param name="label">Its label.</param>
    /// <param name="input">What is written into.</param>
    /// <param name="isWide">Whether it takes a whole row.</param>
    /// <param name="hint">What to write.</param>
    /// <param name="fault">What is wrong with what was written.</param>
    public static Html Of(string id, string label, Html input, bool isWide = false, string hint = "", string? fault = null) =>
        Html.Of(
            $"""
            <div class="field{Html.If(isWide, $" wide")}"><label for="{id}">{label}</label>{input}
            {Html.If(hint.Length > 0, $"""<span class="hint">{hint}</span>""")}
            {Html.If(fault is not null, $"""<p class="error" id="{id}-error" role="alert">{fault}</p>""")}</div>
            """
        );

    /// <summary>What marks a field as wrong.</summary>
    public static Html Invalid(string id, string? fault) =>
        Html.If(fault is not null, $" aria-invalid=\"true\" aria-describedby=\"{id}-error\"");

    /// <summary>One of several.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="name">Its name in the form.</param>
    /// <param name="value">Which one is chosen.</param>
    /// <param name="options">What can be chosen.</param>
    public static Html Select(string id, string name, string? value, IEnumerable<FieldOption> options) =>
        Html.Of(
            $"""
            <select id="{id}" name="{name}">{options.Select(option =>
                Html.Of($"""<option value="{option.Value}"{Html.If(option.Value == value, $" selected")}>{option.Text}</option>""")
            )}</select>
            """
        );

    /// <summary>A line that is searched for.</summary>
    public static Html Search(string id, string? value) =>
        Html.Of($"""<input id="{id}" name="{id}" type="search" value="{value}" maxlength="400">""");
}
