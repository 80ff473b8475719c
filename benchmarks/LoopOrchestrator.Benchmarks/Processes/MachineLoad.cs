namespace LoopOrchestrator.Benchmarks.Processes;

/// <summary>What else the machine does.</summary>
internal static class MachineLoad
{
    /// <summary>The load average of the last minute, as the system tells it.</summary>
    public static string Now => OperatingSystem.IsLinux() ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
}
