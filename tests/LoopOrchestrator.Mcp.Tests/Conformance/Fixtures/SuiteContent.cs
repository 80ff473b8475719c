using ModelContextProtocol.Protocol;

namespace LoopOrchestrator.Mcp.Tests.Conformance.Fixtures;

/// <summary>What the suite's tools, prompts and resources hold.</summary>
internal static class SuiteContent
{
    /// <summary>A picture of one red point.</summary>
    public static byte[] Picture { get; } =
        Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==");

    /// <summary>A sound without a sample.</summary>
    public static byte[] Sound { get; } = Convert.FromBase64String("UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=");

    public static TextContentBlock Text(string text) => new() { Text = text };

    public static ImageContentBlock Image() => ImageContentBlock.FromBytes(Picture, "image/png");

    public static EmbeddedResourceBlock Embedded(string uri, string type, string text) =>
        new()
        {
            Resource = new TextResourceContents
            {
                Uri = uri,
                MimeType = type,
                Text = text,
            },
        };
}
