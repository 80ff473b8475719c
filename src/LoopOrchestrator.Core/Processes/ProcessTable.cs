using System.Globalization;
using System.Text;

namespace LoopOrchestrator.Core.Processes;

/// <summary>Reads Linux's process table from <c>/proc</c> (see proc_pid_stat(5)).</summary>
internal static class ProcessTable
{
    // A process that becomes another program may have to wait for a processor, or for the disk that holds the program.
    private static readonly TimeSpan MaxExec = TimeSpan.FromSeconds(2);

    /// <summary>One process, or <see langword="null"/> when there is none of that id.</summary>
    /// <param name="pid">Its id.</param>
    /// <param name="processes">The folder with a folder for each process.</param>
    public static ProcessEntry? Read(int pid, string processes = "/proc")
    {
        try
        {
            var fields = Fields(pid, processes);
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

    /// <summary>Whether a process was started with exactly this variable.</summary>
    public static bool HasEnvironment(int pid, string name, string value) => Environment(pid, name) == value;

    /// <summary>
    /// What a process was started with as a variable; <see langword="null"/> where it has none of that name, or may not be looked at.
    /// </summary>
    public static string? Environment(int pid, string name)
    {
        try
        {
            var environment = ReadEnvironment(pid);
            byte[] framed = [0, .. environment, 0];
            var wanted = Encoding.UTF8.GetBytes($"\0{name}=");
            var at = framed.AsSpan().IndexOf(wanted);
            if (at < 0)
            {
                return null;
            }

            var value = framed.AsSpan(at + wanted.Length);
            return Encoding.UTF8.GetString(value[..value.IndexOf((byte)0)]);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or FormatException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    // The fields of its status, from the third one on: the second is the program's name in parentheses and may itself hold any character,
    // so those after the last one count.
    private static string[] Fields(int pid, string processes)
    {
#pragma warning disable RS0030 // The kernel's own file: no path of a workspace, and small.
        var text = File.ReadAllText($"{processes}/{pid.ToString(CultureInfo.InvariantCulture)}/stat");
#pragma warning restore RS0030
        return text[(text.LastIndexOf(')') + 2)..].Split(' ');
    }

    // In the moment in which a process becomes another program it has no environment to be read, or only the first part of its old one,
    // and would be taken for nobody's. Whole is what is as long as the kernel says (env_start and env_end of proc_pid_stat(5)), which
    // says 0 where there is none yet; anything else is read again for a while. The system's own threads have no program either.
    private static byte[] ReadEnvironment(int pid)
    {
        var environment = Read();
        if (!IsWhole() && new FileInfo(FileOf("exe")).LinkTarget is not null)
        {
            SpinWait.SpinUntil(
                () =>
                {
                    environment = Read();
                    return IsWhole();
                },
                MaxExec
            );
        }

        return environment;

        bool IsWhole() =>
            Fields(pid, "/proc") is var fields
            && long.Parse(fields[48], CultureInfo.InvariantCulture) is var end
            && (end == 0 ? environment.Length > 0 : end - long.Parse(fields[47], CultureInfo.InvariantCulture) == environment.Length);

        string FileOf(string name) => $"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/{name}";

#pragma warning disable RS0030 // The kernel's own file: no path of a workspace, and small.
        byte[] Read() => File.ReadAllBytes(FileOf("environ"));
#pragma warning restore RS0030
    }
}
