using System.Diagnostics;
using System.Globalization;

namespace LoopOrchestrator.Core.Processes;

/// <summary>
/// Which process, beyond doubt: its id together with its start time (and the boot of the machine), because ids are used again.
/// Written as <c>pid:start:boot</c>.
/// </summary>
/// <param name="Pid">The process id.</param>
/// <param name="Start">Its start, in the system's own unit (clock ticks since boot on Linux, else .NET ticks).</param>
/// <param name="Boot">The boot during which it started.</param>
internal sealed record ProcessIdentity(int Pid, long Start, string Boot)
{
    private static readonly Lazy<string> CurrentBoot = new(static () =>
    {
        const string linux = "/proc/sys/kernel/random/boot_id";
#pragma warning disable RS0030 // The kernel's own file: no path of a workspace, and small.
        return File.Exists(linux) ? File.ReadAllText(linux).Trim() : "-";
#pragma warning restore RS0030
    });

    /// <summary>The identity of this process.</summary>
    public static ProcessIdentity Current { get; } =
        Of(Environment.ProcessId) ?? throw new InvalidOperationException("The start time of this process cannot be read.");

    /// <summary>
    /// The identity of a process that is alive now, or <see langword="null"/>. One that has ended and only waits to be reaped counts as
    /// dead.
    /// </summary>
    public static ProcessIdentity? Of(int pid)
    {
        if (OperatingSystem.IsLinux())
        {
            return ProcessTable.Read(pid) is { IsZombie: false } entry ? new ProcessIdentity(pid, entry.Start, CurrentBoot.Value) : null;
        }

        try
        {
            using var process = Process.GetProcessById(pid);
            return process.HasExited ? null : new ProcessIdentity(pid, process.StartTime.Ticks, CurrentBoot.Value);
        }
        catch (Exception exception)
            when (exception is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Reads the written form; <see langword="null"/> when it is not one.</summary>
    public static ProcessIdentity? Parse(string? text)
    {
        var parts = text?.Split(':', 3);
        return
            parts is { Length: 3 }
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var start)
            ? new ProcessIdentity(pid, start, parts[2])
            : null;
    }

    /// <summary>Whether this very process is still alive.</summary>
    public bool IsAlive() => this == Current || Of(Pid) == this;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Pid}:{Start}:{Boot}");
}
