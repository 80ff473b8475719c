using System.ComponentModel;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tests.Conformance.Fixtures;

/// <summary>The suite's resources.</summary>
[McpServerResourceType]
internal sealed class SuiteResources
{
    [McpServerResource(UriTemplate = "test://static-text", Name = "static-text", MimeType = "text/plain"), Description("A text.")]
    public static string StaticText() => "This is the content of the static text resource.";

    [McpServerResource(UriTemplate = "test://static-binary", Name = "static-binary", MimeType = "image/png"), Description("A picture.")]
    public static BlobResourceContents StaticBinary() =>
        BlobResourceContents.FromBytes(SuiteContent.Picture, "test://static-binary", "image/png");

    [McpServerResource(UriTemplate = "test://template/{id}/data", Name = "template", MimeType = "application/json")]
    [Description("A text with an id in it.")]
    public static TextResourceContents Template(string id) =>
        new()
        {
            Uri = $"test://template/{id}/data",
            MimeType = "application/json",
            Text = $$"""{"id":"{{id}}","templateTest":true,"data":"Data for ID: {{id}}"}""",
        };

    [McpServerResource(UriTemplate = "test://watched-resource", Name = "watched", MimeType = "text/plain"), Description("A text.")]
    public static string Watched() => "Watched resource content";
}
