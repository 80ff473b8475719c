using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Processes;

namespace LoopOrchestrator.Core.Git;

/// <summary>
/// Remembers that git did not take a tree in time: the next call does it in portions and keeps how far it came, and after two of them
/// nobody waits any more until a day has passed, or the mark is removed.
/// </summary>
/// <param name="mark">The file that says how often.</param>
/// <param name="time">The clock.</param>
internal sealed class SlowTree(string mark, TimeProvider time)
{
    private const int MaxFailures = 2;

    private readonly DatedMark _mark = new(mark, TimeSpan.FromDays(1), time);

    /// <summary>The mark beside an index.</summary>
    public static string MarkOf(string index) => index + ".slow";

    /// <summary>How often it was too slow in a row, lately.</summary>
    public long Failures => _mark.Value ?? 0;

    /// <summary>What is said where nobody waits any more; <see langword="null"/> where it is tried.</summary>
    public string? WhyNotTried =>
        Failures >= MaxFailures
            ? $"git did not take all files within two minutes, {MaxFailures} times in a row, so it is not tried for a day. Have git ignore "
                + $"what is built or downloaded (.gitignore), then remove {mark}; what was taken so far is kept"
            : null;

    /// <summary>It was too slow once more.</summary>
    public void Fail() => _mark.Set(Failures + 1);

    /// <summary>It was done in time.</summary>
    public void Succeed() => _mark.Clear();

    /// <summary>Removes the objects that a git which was ended had not finished, where no other git is at work.</summary>
    /// <param name="objects">The folder of objects.</param>
    /// <param name="workTree">The work tree.</param>
    /// <param name="since">When the call began, by the file system; older ones are not its own.</param>
    public static void Clean(string objects, string workTree, DateTime since)
    {
        if (!OperatingSystem.IsLinux() || FileUsers.WorkingIn(RealPath.Of(workTree), "git").Count > 0)
        {
            return;
        }

        try
        {
            var folder = new DirectoryInfo(objects);
            foreach (var entry in folder.EnumerateDirectories("tmp_objdir*").Where(one => one.LastWriteTimeUtc >= since))
            {
                GuardedFolder.Delete(entry.FullName);
            }

            foreach (var entry in folder.EnumerateFiles("tmp_*", SearchOption.AllDirectories).Where(one => one.LastWriteTimeUtc >= since))
            {
                GuardedFile.Delete(entry.FullName);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Git's own clean-up removes them in two weeks.
        }
    }
}
