using System.Globalization;
using System.Text;

namespace LoopOrchestrator.Core.Plots;

/// <summary>
/// Writes one <c>svg</c> element. Attributes are names and numbers of ours; texts of others come in by <see cref="Text"/> and
/// <see cref="Open"/> alone, which escape them.
/// </summary>
internal sealed class Svg
{
    private const int MaxDescription = 600;

    private readonly StringBuilder _text = new();

    /// <summary>Begins the element.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="kind">Its class beside <c>plot</c>.</param>
    /// <param name="description">What it shows, in words.</param>
    /// <param name="height">Its height in pixels.</param>
    /// <param name="width">Its width; as wide as its place by default.</param>
    public Svg(PlotName name, string kind, string description, int height, string width = "100%")
    {
        _text.Append(
            CultureInfo.InvariantCulture,
            $"""
            <svg class="plot {kind}" xmlns="http://www.w3.org/2000/svg" role="img" width="{width}" height="{height}" font-size="12"
             font-family="system-ui, sans-serif" aria-labelledby="{name.Id}-t" aria-describedby="{name.Id}-d">
            <title id="{name.Id}-t">{PlotText.Escape(PlotText.Label(name.Title, MaxDescription))}</title>
            <desc id="{name.Id}-d">{PlotText.Escape(PlotText.Label(description, MaxDescription))}</desc>

            """
        );
    }

    /// <summary>Writes an element without content.</summary>
    /// <param name="element">The element with its attributes, all of them of ours.</param>
    public Svg Put(FormattableString element)
    {
        _text.Append('<').Append(element.ToString(CultureInfo.InvariantCulture)).Append("/>\n");
        return this;
    }

    /// <summary>Begins a group; a pointer on it is told a text.</summary>
    /// <param name="group">The attributes of the group.</param>
    /// <param name="told">The text; may be of others.</param>
    public Svg Open(FormattableString group, string told)
    {
        _text.Append("<g ").Append(group.ToString(CultureInfo.InvariantCulture)).Append('>');
        _text.Append("<title>").Append(PlotText.Escape(PlotText.Label(told, MaxDescription))).Append("</title>\n");
        return this;
    }

    /// <summary>Ends a group.</summary>
    public Svg Close()
    {
        _text.Append("</g>\n");
        return this;
    }

    /// <summary>Writes a text.</summary>
    /// <param name="attributes">Where and how.</param>
    /// <param name="text">The text; may be of others.</param>
    public Svg Text(FormattableString attributes, string text)
    {
        _text.Append("<text ").Append(attributes.ToString(CultureInfo.InvariantCulture)).Append('>');
        _text.Append(PlotText.Escape(text)).Append("</text>\n");
        return this;
    }

    /// <summary>What a drawing of nothing is.</summary>
    public static string Nothing(PlotName name, string kind, string what) =>
        new Svg(name, kind, what, height: 24).Text($"class=\"plot-quiet\" x=\"0\" y=\"16\"", what).End();

    /// <summary>Ends the element.</summary>
    public string End() => _text.Append("</svg>").ToString();
}
