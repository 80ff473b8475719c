using System.Text.Json;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Trust;

/// <summary>
/// The file of one <see cref="TrustRecord"/>, in the user's own folder. Read anew each time, so that a running server takes notice.
/// </summary>
internal sealed class TrustRecordFile(string path)
{
    private byte[]? _content;
    private (TrustRecord? Record, string? Problem) _read;

    /// <summary>Where it is.</summary>
    public string FilePath => path;

    /// <summary>The record; with neither record nor problem there is none.</summary>
    public (TrustRecord? Record, string? Problem) Read()
    {
        byte[]? content;
        try
        {
            content = DurableFile.ReadOrNull(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return (null, exception.Message);
        }

        if (content is null)
        {
            return default;
        }

        if (_content is null || !content.AsSpan().SequenceEqual(_content))
        {
            _read = Parse(content);
            _content = content;
        }

        return _read;
    }

    /// <summary>Puts a record in place of the one there is.</summary>
    /// <exception cref="UserErrorException">The file cannot be written.</exception>
    public void Write(TrustRecord record)
    {
        try
        {
            CreateFolder();
            DurableFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(record, TrustJson.Default.TrustRecord));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"{path} cannot be written ({exception.Message}), so what was seen could not be recorded. "
                    + "--trust-workspace gives trust for one process.",
                exception
            );
        }
    }

    /// <summary>Removes the record.</summary>
    /// <exception cref="UserErrorException">It cannot be removed.</exception>
    public void Delete()
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // There is none.
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{path} cannot be removed ({exception.Message}).", exception);
        }
    }

    // What commands a user has is nobody else's business.
    private void CreateFolder()
    {
        var folder = Path.GetDirectoryName(path)!;
        if (OperatingSystem.IsWindows())
        {
            GuardedFolder.Create(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static (TrustRecord? Record, string? Problem) Parse(byte[] content)
    {
        try
        {
            var record = JsonSerializer.Deserialize(content, TrustJson.Default.TrustRecord);
            return record is null ? (null, "it is empty")
                : record.Version != TrustRecord.Newest ? (null, $"it has form {record.Version} and this program knows {TrustRecord.Newest}")
                : record.List.Digest != record.Digest ? (null, "it was cut or edited")
                : (record, null);
        }
        catch (JsonException exception)
        {
            return (null, exception.Message);
        }
    }
}
