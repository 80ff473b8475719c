using System.Globalization;

namespace LoopOrchestrator.Core.Moving;

/// <summary>
/// A folder of the system's for temporary files that only this user may enter, with numbered files. Removed with the object.
/// </summary>
internal sealed class UnpackedFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("loop-orchestrator-").FullName;
    private int _count;

    /// <summary>A path in it where there is no file yet.</summary>
    public string Next() => Path.Combine(_path, (++_count).ToString(CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
#pragma warning disable RS0030 // A folder of this object's own, which only this user may enter.
            Directory.Delete(_path, recursive: true);
#pragma warning restore RS0030
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The system empties that folder by and by.
        }
    }
}
