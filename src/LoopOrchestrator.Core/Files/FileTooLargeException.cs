using System.Globalization;

namespace LoopOrchestrator.Core.Files;

/// <summary>A file is larger than is read. Nothing of it was read.</summary>
internal sealed class FileTooLargeException : IOException
{
    /// <summary>Says how large the file is and how large it may be, in bytes.</summary>
    public FileTooLargeException(string path, long bytes, long max)
        : base(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{path} has {bytes:N0} bytes, and at most {max:N0} are read; nothing of it was read"
            )
        )
    { }
}
