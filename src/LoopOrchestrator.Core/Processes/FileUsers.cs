using System.Globalization;

namespace LoopOrchestrator.Core.Processes;

/// <summary>Finds out who has a file open, as far as this user may see (Linux; elsewhere nobody is found).</summary>
internal static class FileUsers
{
    /// <summary>What Linux puts behind the path of an open file that has been removed (proc(5)).</summary>
    public const string Deleted = " (deleted)";

    /// <summary>
    /// The ids of the other processes that have the file open. A program that this process is just starting is none: until it is the other
    /// program, it has all that is open here.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="ofThisProgram">Whether to ask only processes of the same program, which takes a fraction of the time.</param>
    public static IReadOnlyList<int> Others(string path, bool ofThisProgram = false) =>
        OperatingSystem.IsLinux() ? Others("/proc", path, ofThisProgram) : [];

    /// <inheritdoc cref="Others(string, bool)"/>
    /// <param name="processes">The folder with a folder for each process, as proc(5) has them.</param>
    internal static IReadOnlyList<int> Others(string processes, string path, bool ofThisProgram)
    {
        var found = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories(processes))
        {
            if (
                int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && pid != Environment.ProcessId
                && (!ofThisProgram || IsThisProgram(folder))
                && HasOpen(folder, path)
                && !IsBeingStarted(processes, pid)
                // It may have become its program between the two questions.
                && HasOpen(folder, path)
            )
            {
                found.Add(pid);
            }
        }

        return found;
    }

    /// <summary>The ids of other processes of a program that work in a folder or below it.</summary>
    /// <param name="folder">The folder, absolute and without links.</param>
    /// <param name="name">The program's name, without its path; those whose names go on behind a hyphen count too.</param>
    public static IReadOnlyList<int> WorkingIn(string folder, string name)
    {
        if (!OperatingSystem.IsLinux())
        {
            return [];
        }

        var found = new List<int>();
        foreach (var process in Directory.EnumerateDirectories("/proc"))
        {
            if (
                int.TryParse(Path.GetFileName(process.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && pid != Environment.ProcessId
                && Target(process, "exe") is { } program
                && (Path.GetFileName(program) == name || Path.GetFileName(program).StartsWith(name + "-", StringComparison.Ordinal))
                && Target(process, "cwd") is { } at
                && (at == folder || at.StartsWith(folder + "/", StringComparison.Ordinal))
            )
            {
                found.Add(pid);
            }
        }

        return found;
    }

    private static string? Target(string process, string link)
    {
        try
        {
            return new FileInfo(Path.Combine(process, link)).LinkTarget;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsThisProgram(string process)
    {
        try
        {
            // One that was replaced by an update while it goes on has this behind its name.
            var program = new FileInfo(Path.Combine(process, "exe")).LinkTarget;
            return program is not null
                && (program.EndsWith(Deleted, StringComparison.Ordinal) ? program[..^Deleted.Length] : program) == Environment.ProcessPath;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // Between fork(2) and execve(2): a child of this process with this program and its command line.
    private static bool IsBeingStarted(string processes, int pid) =>
        IsThisProgram(FolderOf(processes, pid))
        && ProcessTable.Read(pid, processes)?.Parent == Environment.ProcessId
        && CommandLine(processes, pid) is { } line
        && line.AsSpan().SequenceEqual(CommandLine(processes, Environment.ProcessId));

    private static byte[]? CommandLine(string processes, int pid)
    {
        try
        {
#pragma warning disable RS0030 // The kernel's own file: no path of a workspace, and small.
            return File.ReadAllBytes(Path.Combine(FolderOf(processes, pid), "cmdline"));
#pragma warning restore RS0030
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string FolderOf(string processes, int pid) => Path.Combine(processes, pid.ToString(CultureInfo.InvariantCulture));

    private static bool HasOpen(string process, string path)
    {
        try
        {
            return Directory
                .EnumerateFileSystemEntries(Path.Combine(process, "fd"))
                .Any(entry => string.Equals(new FileInfo(entry).LinkTarget, path, StringComparison.Ordinal));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It ended, or is another user's.
            return false;
        }
    }
}
