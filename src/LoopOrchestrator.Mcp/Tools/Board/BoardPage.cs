using System.Security.Cryptography;
using System.Text;

namespace LoopOrchestrator.Mcp.Tools.Board;

/// <summary>
/// The page as it is sent: its own policy lets its one script and its one sheet of style run and nothing else, known by their digests.
/// </summary>
internal static class BoardPage
{
    private const string Policy = "{policy}";

    private static readonly Lazy<string> Page = new(Read);

    /// <summary>The page.</summary>
    public static string Html => Page.Value;

    private static string Read()
    {
        using var stream = typeof(BoardPage).Assembly.GetManifestResourceStream("board.html")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);

        // Browsers read line ends as one character, and take the digest of that.
        var html = reader.ReadToEnd().ReplaceLineEndings("\n");
        return html.Replace(
            Policy,
            $"default-src 'none'; script-src {Source(html, "script")}; style-src {Source(html, "style")}; "
                + "base-uri 'none'; form-action 'none'",
            StringComparison.Ordinal
        );
    }

    private static string Source(string html, string element)
    {
        var start = html.IndexOf($"<{element}>", StringComparison.Ordinal) + element.Length + 2;
        var end = html.IndexOf($"</{element}>", start, StringComparison.Ordinal);
        return $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(html[start..end])))}'";
    }
}
