using System.Runtime.CompilerServices;

namespace LoopOrchestrator.Mcp.Pages.Layout;

/// <summary>
/// A piece of a page. It is made of literals of ours and of texts of anybody, which are escaped as they are put in; another way in is
/// not there. <c>Html.Of($"""&lt;p&gt;{text}&lt;/p&gt;""")</c>
/// </summary>
internal readonly struct Html
{
    private readonly string? _text;

    private Html(string text) => _text = text;

    /// <summary>Nothing.</summary>
    public static Html None => default;

    /// <summary>Whether there is nothing in it.</summary>
    public bool IsEmpty => string.IsNullOrEmpty(_text);

    /// <summary>A piece with others and with texts in it.</summary>
    public static Html Of(HtmlHandler content) => new(content.Take());

    /// <summary>A piece that is there under a condition; else what is put in is not even looked at.</summary>
    public static Html If(bool isThere, [InterpolatedStringHandlerArgument(nameof(isThere))] HtmlHandler content)
    {
        // The handler has been asked with it already.
        _ = isThere;
        return new(content.Take());
    }

    /// <summary>Several pieces, one behind the other.</summary>
    public static Html Join(IEnumerable<Html> pieces) => Of($"{pieces}");

    /// <summary>
    /// Markup that a type of ours has made, such as a plot, which has escaped what it was given. Never anything that came from outside.
    /// </summary>
    public static Html OfMarkup(string markup) => new(markup);

    /// <summary>As it is sent.</summary>
    public override string ToString() => _text ?? "";
}
