namespace LoopOrchestrator.Mcp.Tests.Hosting;

/// <summary>How many files and folders a process has the kernel watch for it.</summary>
internal static class InotifyWatches
{
    public static int Count(int processId) => Directory.EnumerateFiles($"/proc/{processId}/fdinfo").Sum(CountIn);

    private static int CountIn(string descriptor)
    {
        try
        {
            return File.ReadLines(descriptor).Count(line => line.StartsWith("inotify wd:", StringComparison.Ordinal));
        }
        catch (IOException)
        {
            // Closed since it was listed.
            return 0;
        }
    }
}
