using LoopOrchestrator.Mcp.Pages.Layout;

namespace LoopOrchestrator.Mcp.Pages.Assets;

/// <summary>A file that pages load, as it is sent.</summary>
/// <param name="Name">Its name, with a hash of its content in it: another content has another name, so it is kept for ever.</param>
/// <param name="ContentType">What it is.</param>
/// <param name="Plain">Its bytes.</param>
/// <param name="Brotli">They compressed.</param>
/// <param name="GZip">They compressed for browsers that know no Brotli: without TLS no browser asks for it.</param>
internal sealed record AssetFile(string Name, string ContentType, byte[] Plain, byte[] Brotli, byte[] GZip)
{
    /// <summary>Where it is.</summary>
    public PageUrl Url => PageUrl.To("/assets/" + Name);
}
