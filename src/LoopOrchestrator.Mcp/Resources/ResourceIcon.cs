namespace LoopOrchestrator.Mcp.Resources;

/// <summary>The sign of what is ours, for clients that show one beside a resource or prompt.</summary>
internal static class ResourceIcon
{
    public const string MimeType = "image/svg+xml";

    /// <summary>An arrow that runs round: 150 bytes of SVG, so that it needs no file and no network.</summary>
    public const string Source =
        "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHZpZXdCb3g9IjAgMCAxNiAxNiI+PHBhdGggZmlsbD0i"
        + "bm9uZSIgc3Ryb2tlPSIjMjZhIiBzdHJva2Utd2lkdGg9IjIiIGQ9Ik0xMyA4YTUgNSAwIDEgMS0yLTRNMTEgMXYzSDgiLz48L3N2Zz4=";
}
