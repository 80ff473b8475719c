namespace LoopOrchestrator.Benchmarks.Workspaces;

/// <summary>Writes a plan and a memory as years of work leave them.</summary>
internal static class NoteFiles
{
    /// <summary>A word that one entry of the memory has.</summary>
    public const string RareWord = "needle";

    private const int Months = 24;

    private static readonly DateTime First = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Writes <c>TODO.md</c> with that many open items.</summary>
    public static void WritePlan(string workspace, int items)
    {
        using var file = new StreamWriter(Path.Combine(workspace, "TODO.md"));
        file.Write("# Plan\n\n## Next\n");
        for (var item = 0; item < items; item++)
        {
            file.Write($"- [ ] Item number {item}\n");
        }
    }

    /// <summary>Writes a memory whose entries stand in the archives of two years.</summary>
    public static void WriteMemory(string workspace, int entries)
    {
        var folder = Directory.CreateDirectory(Path.Combine(workspace, ".loop", "memory")).FullName;
        for (var month = 0; month < Months; month++)
        {
            var begin = First.AddMonths(month);
            using var file = new StreamWriter(Path.Combine(folder, $"archive-{begin:yyyy-MM}.md"));
            file.Write("# Non-Obvious Implementation Patterns\n\n# Development & Debug Commands\n\n# System Updates & Status\n");
            for (var entry = month; entry < entries; entry += Months)
            {
                var word = entry == entries / 2 ? RareWord : "work";
                file.Write(
                    $"\n## [{begin.AddSeconds(entry):yyyy-MM-dd'T'HH:mm:ss.fff'Z'}] [mode-{entry % 24}] - [status]\n"
                        + $"- **Finding**: number {entry} of the {word}\n"
                );
            }
        }
    }
}
