using System.Text;
using Microsoft.AspNetCore.Http;

namespace LoopOrchestrator.Mcp.Pages.Layout;

/// <summary>An address of this server: a path with what is asked for. It cannot lead anywhere else, whatever is put into it.</summary>
internal readonly struct PageUrl
{
    // Where the pages of a workspace stand in a server of several; it follows the request over threads.
    private static readonly AsyncLocal<string?> Base = new();

    private readonly string? _text;

    private PageUrl(string text) => _text = text;

    /// <summary>The first page.</summary>
    public static PageUrl Start => new("/");

    /// <summary>The page of all workspaces of a server that serves several.</summary>
    public static PageUrl OfAll => new("/") { IsOfAll = true };

    private bool IsOfAll { get; init; }

    /// <summary>Addresses that are put into pages from here on, in this flow of calls, stand below this one.</summary>
    /// <param name="below">Nothing in a server of one workspace.</param>
    public static void StandBelow(PathString below)
    {
        if (below.HasValue)
        {
            Base.Value = below.Value;
        }
    }

    /// <summary>A path of ours with values, each of which is escaped; one that is <see langword="null"/> is left out.</summary>
    /// <param name="path">The path, a literal.</param>
    /// <param name="values">Names and values.</param>
    internal static PageUrl To(string path, params ReadOnlySpan<(string Name, string? Value)> values)
    {
        if (!IsLocal(path))
        {
            throw new ArgumentException($"'{path}' is no path of ours.", nameof(path));
        }

        var text = new StringBuilder(path);
        var separator = '?';
        foreach (var (name, value) in values)
        {
            if (value is not null)
            {
                text.Append(separator).Append(name).Append('=').Append(Escape(value));
                separator = '&';
            }
        }

        return new PageUrl(text.ToString());
    }

    /// <summary>The address with the part of its page to go to.</summary>
    /// <param name="id">The id of an element, a literal.</param>
    public PageUrl At(string id) => new($"{this}#{id}");

    /// <summary>An address that came from outside; <see langword="null"/> for one that leads elsewhere.</summary>
    public static PageUrl? Parse(string? text) =>
        text is { Length: > 0 and < 2000 } && IsLocal(text) && text.All(static character => character is > ' ' and < '\u007f' and not '\\')
            ? new PageUrl(text)
            : null;

    /// <summary>As it is sent, below an address.</summary>
    public string Below(PathString below) => IsOfAll ? ToString() : below.Value + this;

    /// <summary>As it stands in a link.</summary>
    public string InPage() => IsOfAll ? ToString() : Base.Value + this;

    /// <summary>The address as it is in a server of one workspace.</summary>
    public override string ToString() => _text ?? "/";

    // Half a character has no encoding.
    private static string Escape(string value) => Uri.EscapeDataString(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(value)));

    // Two slashes would begin the name of another host.
    private static bool IsLocal(string path) => path.StartsWith('/') && !path.StartsWith("//", StringComparison.Ordinal);
}
