using System.Globalization;
using System.Text;

namespace LoopOrchestrator.Core.Processes;

/// <summary>Reads Linux's process table from <c>/proc</c> (see proc_pid_stat(5)).</summary>
internal static class ProcessTable
{
    /// <summary>One process, or <see langword="null"/> when there is none of that id.</summary>
    public static ProcessEntry? Read(int pid)
    {
        try
        {
            // The second field is the program's name in parentheses and may itself hold any character, so the fields after the last one
            // count.
#pragma warning disable RS0030 // The kernel's own file: no path of a workspace, and small.
            var text = File.ReadAllText($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/stat");
#pragma warning restore RS0030
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new ProcessEntry(
                pid,
                int.Parse(fields[1], CultureInfo.InvariantCulture),
                int.Parse(fields[3], CultureInfo.InvariantCulture),
                long.Parse(fields[19], CultureInfo.InvariantCulture),
                fields[0] is "Z" or "X",
                fields[0] is "T"
            );
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or FormatException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    /// <summary>All processes now.</summary>
    public static List<ProcessEntry> All()
    {
        var entries = new List<ProcessEntry>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (
                int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && Read(pid) is { } entry
            )
            {
                entries.Add(entry);
            }
        }

        return entries;
    }

    /// <summary>The descendants of <paramref name="root"/>, zombies included, itself not.</summary>
    public static List<ProcessEntry> Descendants(int root)
    {
        var children = All().ToLookup(static entry => entry.Parent);
        var found = new List<ProcessEntry>();
        var open = new Queue<int>([root]);
        while (open.TryDequeue(out var parent))
        {
            foreach (var child in children[parent])
            {
                found.Add(child);
                open.Enqueue(child.Pid);
            }
        }

        return found;
    }

    /// <summary>
    /// Whether any living process but this one was started with exactly this variable. Nobody is found elsewhere than on Linux.
    /// </summary>
    public static bool AnyWithEnvironment(string name, string value) =>
        OperatingSystem.IsLinux()
        && All().Any(entry => !entry.IsZombie && entry.Pid != Environment.ProcessId && HasEnvironment(entry.Pid, name, value));

    /// <summary>Whether a process was started with exactly this variable.</summary>
    public static bool HasEnvironment(int pid, string name, string value)
    {
        try
        {
#pragma warning disable RS0030 // The kernel's own file: no path of a workspace, and small.
            var environment = File.ReadAllBytes($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/environ");
#pragma warning restore RS0030
            var wanted = Encoding.UTF8.GetBytes($"\0{name}={value}\0");
            byte[] framed = [0, .. environment, 0];
            return framed.AsSpan().IndexOf(wanted) >= 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
