namespace LoopOrchestrator.Core.Files;

/// <summary>
/// The largest files that are read, in bytes: looked at before the first byte is read. What is larger is told, and what was read last stays
/// in force.
/// </summary>
public static class FileSizes
{
    /// <summary><c>TODO.md</c>: 4 MiB.</summary>
    public const long Todo = 4 * 1024 * 1024;

    /// <summary><c>persistent-memory.md</c>: 4 MiB, four times what the highest <c>memory.maxBytes</c> lets us write.</summary>
    public const long Memory = 4 * 1024 * 1024;

    /// <summary><c>.roomodes</c> and the files that modes are imported from: 4 MiB each.</summary>
    public const long Modes = 4 * 1024 * 1024;

    /// <summary><c>schedules.json</c>: 16 MiB.</summary>
    public const long Schedules = 16 * 1024 * 1024;

    /// <summary><c>mcp_startup.json</c>, or the file that <c>--config</c> names: 16 MiB.</summary>
    public const long Configuration = 16 * 1024 * 1024;

    /// <summary>A time log in UTF-16, which has to be read as a whole: 64 MiB. One in UTF-8 has no limit: it is read in parts.</summary>
    public const long TimingInUtf16 = 64 * 1024 * 1024;

    /// <summary>One line of the time log: 1 MiB. A longer one is told with its number and passed over.</summary>
    public const int TimingLine = 1024 * 1024;

    /// <summary>Any file of our own below <c>.loop</c> that is read as a whole: 64 MiB.</summary>
    public const long Own = 64 * 1024 * 1024;
}
