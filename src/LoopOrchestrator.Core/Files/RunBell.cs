namespace LoopOrchestrator.Core.Files;

/// <summary>
/// The way in which processes of one workspace tell each other that something changed: a file that is touched, and that those who
/// care watch. Only a hint to look at once: who misses it finds the change at the next regular look.
/// </summary>
internal static class RunBell
{
    /// <summary>Rings. Never fails: the change itself is on disk already.</summary>
    public static void Ring(string bell)
    {
        try
        {
            using var file = GuardedFile.Open(bell, FileMode.OpenOrCreate, FileAccess.Write);
            RandomAccess.Write(file, "!"u8, 0);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A hint that could not be given costs a delay until the next regular look, and nothing else.
        }
    }
}
