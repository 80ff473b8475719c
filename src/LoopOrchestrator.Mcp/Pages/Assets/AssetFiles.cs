using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using LoopOrchestrator.Core.Plots;
using Microsoft.AspNetCore.Http;

namespace LoopOrchestrator.Mcp.Pages.Assets;

/// <summary>The files that pages load. They are in the program, and read and compressed when the first page is asked for.</summary>
internal static class AssetFiles
{
    private const int HashLength = 12;

    private static readonly Lazy<AssetFile> Sheet = new(static () => Read("loop", "css", "text/css; charset=utf-8", PlotStyle.Css));
    private static readonly Lazy<AssetFile> Client = new(static () => Read("loop", "js", "text/javascript; charset=utf-8"));
    private static readonly Lazy<AssetFile> Mark = new(static () => Read("loop", "svg", "image/svg+xml"));

    public static AssetFile StyleSheet => Sheet.Value;

    public static AssetFile Script => Client.Value;

    public static AssetFile Icon => Mark.Value;

    /// <summary>Sends the one that is asked for. Another hash than that of today's content finds nothing.</summary>
    public static Task ServeAsync(HttpContext context)
    {
        var name = context.Request.RouteValues["name"] as string;
        var file = new[] { StyleSheet, Script, Icon }.FirstOrDefault(one => one.Name == name);
        var response = context.Response;
        if (file is null)
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        var tag = $"\"{file.Name}\"";
        response.Headers.CacheControl = "public, max-age=31536000, immutable";
        response.Headers.ETag = tag;
        response.Headers.Vary = "Accept-Encoding";
        if (context.Request.Headers.IfNoneMatch.Contains(tag, StringComparer.Ordinal))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        var accepted = context.Request.Headers.AcceptEncoding.ToString();
        var (encoding, bytes) =
            accepted.Contains("br", StringComparison.Ordinal) ? ("br", file.Brotli)
            : accepted.Contains("gzip", StringComparison.Ordinal) ? ("gzip", file.GZip)
            : (null, file.Plain);
        if (encoding is not null)
        {
            response.Headers.ContentEncoding = encoding;
        }

        response.ContentType = file.ContentType;
        response.ContentLength = bytes.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(bytes, 0, bytes.Length);
    }

    private static AssetFile Read(string name, string extension, string contentType, string behind = "")
    {
        using var stream = typeof(AssetFiles).Assembly.GetManifestResourceStream($"pages/{name}.{extension}")!;
        using var content = new MemoryStream();
        stream.CopyTo(content);
        content.Write(Encoding.UTF8.GetBytes(behind));
        var bytes = content.ToArray();
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes))[..HashLength];
        return new AssetFile(
            $"{name}-{hash}.{extension}",
            contentType,
            bytes,
            Compressed(bytes, static target => new BrotliStream(target, CompressionLevel.Optimal)),
            Compressed(bytes, static target => new GZipStream(target, CompressionLevel.Optimal))
        );
    }

    private static byte[] Compressed(byte[] bytes, Func<Stream, Stream> open)
    {
        using var target = new MemoryStream();
        using (var stream = open(target))
        {
            stream.Write(bytes);
        }

        return target.ToArray();
    }
}
