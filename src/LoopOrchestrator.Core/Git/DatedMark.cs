using System.Globalization;
using System.Text;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Git;

/// <summary>
/// A number in a small file that counts for a while only: what was found once, at some cost, and is not to be found anew by each process
/// and pass. The moment stands in the file, by the clock of the program. Processes may write at the same time; the last one counts.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="keptFor">How long it counts.</param>
/// <param name="time">The clock.</param>
internal sealed class DatedMark(string path, TimeSpan keptFor, TimeProvider time)
{
    /// <summary>The number; <see langword="null"/> where none was written in that time.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public long? Value
    {
        get
        {
            if (DurableFile.ReadOrNull(path) is not { } bytes)
            {
                return null;
            }

            var parts = Encoding.ASCII.GetString(bytes).Split(' ');
            return parts is [var number, var moment] && Number(number) is { } value && Number(moment) is { } written && IsRecent(written)
                ? value
                : null;
        }
    }

    /// <summary>Writes it, with the present moment.</summary>
    public void Set(long value) =>
        DurableFile.Replace(
            path,
            Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{value} {time.GetUtcNow().ToUnixTimeSeconds()}"))
        );

    /// <summary>Writes it where none counts.</summary>
    public void SetOnce(long value)
    {
        if (Value is null)
        {
            Set(value);
        }
    }

    /// <summary>Takes it away, if it is there.</summary>
    public void Clear()
    {
        if (GuardedFile.Exists(path))
        {
            GuardedFile.Delete(path);
        }
    }

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    // Also where the clock was set back since.
    private bool IsRecent(long written) => Math.Abs(time.GetUtcNow().ToUnixTimeSeconds() - written) < keptFor.TotalSeconds;
}
