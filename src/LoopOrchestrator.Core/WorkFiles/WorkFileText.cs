using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.WorkFiles;

/// <summary>Opens and reads files of a workspace for its clients, and says in their words why one cannot be.</summary>
internal static class WorkFileText
{
    /// <summary>The largest file that is read or replaced: 4 MiB.</summary>
    public const long MaxBytes = 4 * 1024 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The whole content; <see langword="null"/> where there is no such file.</summary>
    /// <exception cref="UserErrorException">It cannot be read.</exception>
    public static byte[]? ReadOrNull(WorkFilePath path)
    {
        try
        {
            return DurableFile.ReadOrNull(path.Guarded, MaxBytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CannotRead(path, exception);
        }
    }

    /// <summary>The whole content of a file that is there.</summary>
    /// <exception cref="UserErrorException">It is not, or cannot be read.</exception>
    public static byte[] Read(WorkFilePath path) =>
        ReadOrNull(path) ?? throw new UserErrorException($"There is no file {path.Relative}. list_files shows what there is.");

    /// <summary>The text of a content; <see langword="null"/> where it is none in UTF-8.</summary>
    public static string? DecodeOrNull(byte[] content)
    {
        if (content.AsSpan().Contains((byte)0))
        {
            return null;
        }

        try
        {
            return Strict.GetString(content);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>How a content is told from another one.</summary>
    public static string Digest(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>What is told of a failure to read.</summary>
    public static UserErrorException CannotRead(WorkFilePath path, Exception exception) =>
        new(
            exception switch
            {
                LinkRefusedException => $"{path.Relative} is a link, or a link is on the way to it; the tools of files follow none. "
                    + "Name the file by its own path.",
                FileTooLargeException => string.Create(
                    CultureInfo.InvariantCulture,
                    $"{path.Relative} is larger than {MaxBytes:N0} bytes, the most that is read and replaced here. Nothing was done."
                ),
                UnauthorizedAccessException => $"{path.Relative} is a folder, or may not be read by the server's user. Nothing was done.",
                _ => $"{path.Relative} cannot be read: it is no ordinary file, or its disk fails. Nothing was done.",
            },
            exception
        );
}
