using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace LoopOrchestrator.Testing.Processes;

/// <summary>Looks into <c>/proc</c> itself, so that a test does not take the product's word for what is alive. Linux only.</summary>
public static partial class LinuxProcesses
{
    private const int Sigkill = 9;
    private const int Sigstop = 19;
    private const int Sigcont = 18;

    /// <summary>The live processes (zombies have no environment) that carry this variable with this value.</summary>
    public static IReadOnlyList<int> WithVariable(string name, string value) =>
        Where("environ", entries => entries.Contains($"{name}={value}", StringComparer.Ordinal));

    /// <summary>The values of a variable in those live processes that carry the other one with this value.</summary>
    public static IReadOnlyList<(int Process, string Value)> Values(string name, string other, string value) =>
        [
            .. All()
                .Select(static id => (Id: id, Entries: Entries(id, "environ")))
                .Where(process => process.Entries.Contains($"{other}={value}", StringComparer.Ordinal))
                .Select(process =>
                    (
                        process.Id,
                        Array.Find(process.Entries, entry => entry.StartsWith($"{name}=", StringComparison.Ordinal))?[(name.Length + 1)..]
                            ?? ""
                    )
                ),
        ];

    /// <summary>The live processes with this sub-command, and behind it a folder below this one.</summary>
    public static IReadOnlyList<int> WithCommand(string subCommand, string folder) => Where("cmdline", entries =>
        {
            var at = Array.IndexOf(entries, subCommand);
            return at >= 0 && at + 1 < entries.Length && entries[at + 1].StartsWith(folder, StringComparison.Ordinal);
        });

    /// <summary>The live processes below this one, at any depth; those that lost their parent are not found.</summary>
    public static IReadOnlyList<int> Below(int ancestor)
    {
        var children = All()
            .Select(static id => (Id: id, Stat: Stat(id)))
            .Where(static process => process.Stat is not ([] or ["Z", ..]))
            .ToLookup(static process => process.Stat[1], static process => process.Id, StringComparer.Ordinal);
        var below = new List<int>();
        Collect(ancestor);
        return below;

        void Collect(int parent)
        {
            foreach (var child in children[parent.ToString(CultureInfo.InvariantCulture)])
            {
                below.Add(child);
                Collect(child);
            }
        }
    }

    /// <summary>A process's state, what it waits for in the kernel, and its command line; empty when it is gone.</summary>
    public static string Describe(int id) =>
        $"{Stat(id).FirstOrDefault()} {string.Concat(Entries(id, "wchan"))} {string.Join(' ', Entries(id, "cmdline"))}";

    /// <summary>Whether a process has this file open.</summary>
    public static bool HasOpen(int id, string path) =>
        new DirectoryInfo($"/proc/{id}/fd").EnumerateFileSystemInfos().Any(descriptor => descriptor.LinkTarget == path);

    /// <summary>The memory of a process that is in use now, in bytes.</summary>
    public static long MemoryOf(int id) => Kilobytes(id, "VmRSS:") * 1024;

    /// <summary>The most memory of a process that was in use at once since <see cref="ForgetMostMemoryOf"/>, in bytes.</summary>
    public static long PeakMemoryOf(int id) => Kilobytes(id, "VmHWM:") * 1024;

    /// <summary>Has <see cref="PeakMemoryOf"/> count from now.</summary>
    public static void ForgetMostMemoryOf(int id) => File.WriteAllText($"/proc/{id}/clear_refs", "5");

    /// <summary>Ends these at once; one that is gone already is passed over.</summary>
    public static void Kill(IEnumerable<int> processes) => SendTo(processes, Sigkill);

    /// <summary>
    /// Halts these, as a user's or an agent's <c>kill -STOP</c> does, and returns when none of their threads runs any more.
    /// </summary>
    public static void Halt(IReadOnlyCollection<int> processes)
    {
        SendTo(processes, Sigstop);
        SpinWait.SpinUntil(() => processes.All(HasStopped));
    }

    /// <summary>Lets these go on that were halted.</summary>
    public static void Continue(IEnumerable<int> processes) => SendTo(processes, Sigcont);

    // The signal is taken by each thread when it next comes out of the kernel: a write that has begun still ends.
    private static bool HasStopped(int process)
    {
        try
        {
            return Directory
                .EnumerateDirectories($"/proc/{process}/task")
                .All(static thread => StateOf(thread) is 'T' or 't' or 'Z' or 'X');
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static char StateOf(string thread)
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(thread, "stat"));
            return stat[stat.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return 'X';
        }
    }

    private static void SendTo(IEnumerable<int> processes, int signal)
    {
        ArgumentNullException.ThrowIfNull(processes);
        foreach (var process in processes)
        {
            _ = Signal(process, signal);
        }
    }

    private static List<int> Where(string file, Func<string[], bool> matches) => [.. All().Where(id => matches(Entries(id, file)))];

    private static IEnumerable<int> All() =>
        Directory
            .EnumerateDirectories("/proc")
            .Select(static folder => int.TryParse(Path.GetFileName(folder), out var id) ? id : 0)
            .Where(static id => id > 0 && id != Environment.ProcessId);

    private static long Kilobytes(int id, string name) =>
        long.Parse(
            File.ReadLines($"/proc/{id}/status")
                .First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..]
                .Replace("kB", "", StringComparison.Ordinal),
            CultureInfo.InvariantCulture
        );

    // From the state on: what stands before it is the program's name, which may hold anything.
    private static string[] Stat(int id)
    {
        var stat = string.Concat(Entries(id, "stat"));
        return stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string[] Entries(int id, string file)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{id}/{file}")).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It ended since it was listed, or is another user's.
            return [];
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int processId, int signal);
}
