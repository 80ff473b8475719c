using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using LoopOrchestrator.Core.Agents.Presets;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Processes;

namespace LoopOrchestrator.Core.Agents.Supervision;

/// <summary>Starts the program of an order with the environment that it may have.</summary>
/// <param name="start">Starts a process.</param>
internal sealed class AgentStarter(Func<ProcessStartInfo, Process?> start)
{
    // E2BIG, and ERROR_FILENAME_EXCED_RANGE on Windows.
    private static readonly int TooLong = OperatingSystem.IsWindows() ? 206 : 7;

    /// <summary>Starts them in the system's own way.</summary>
    public static readonly AgentStarter OfTheSystem = new(static info => Process.Start(info));

    /// <summary>What is to be started.</summary>
    public static ProcessStartInfo Describe(SupervisorOrder order)
    {
        var info = new ProcessStartInfo(order.Command[0], order.Command.Skip(1))
        {
            WorkingDirectory = order.WorkingFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var name in info.Environment.Keys.Where(name => !AgentEnvironment.IsPassed(name, order.PassEnvironment)).ToList())
        {
            info.Environment.Remove(name);
        }

        // A name that can be none would keep the program from starting; the configuration's reader has told of it.
        foreach (var (name, value) in order.Environment.Where(static variable => AgentEnvironment.IsName(variable.Key)))
        {
            info.Environment[name] = value.Replace("\0", "", StringComparison.Ordinal);
        }

        return info;
    }

    // What the system says of it names neither which one nor how long it may be.
    private static string WhyTooLong(ProcessStartInfo info, Exception exception)
    {
        if (exception is not Win32Exception error || error.NativeErrorCode != TooLong)
        {
            return "";
        }

        var longest = info.ArgumentList.Append("").Max(Encoding.UTF8.GetByteCount);
        var all =
            info.ArgumentList.Sum(Encoding.UTF8.GetByteCount)
            + info.Environment.Sum(static variable => Encoding.UTF8.GetByteCount(variable.Key + variable.Value));
        return $". Its longest argument has {longest} bytes, and one may have {AgentCall.MaxArgumentBytes}; arguments and variables "
            + $"together have {all}. Shorten what agents.*.arguments and agents.*.environment hold, or hand it over in a file";
    }

    /// <summary>Starts it.</summary>
    /// <param name="info">What.</param>
    /// <param name="end">
    /// Why it could not be started: whether the system was short of something at this moment, or it is the program's fault.
    /// </param>
    /// <returns>Its process; <see langword="null"/> when it could not be started.</returns>
    public Process? TryStart(ProcessStartInfo info, out (SupervisorEnd End, string Reason) end)
    {
        try
        {
            end = default;
            return start(info)!;
        }
        catch (Exception exception)
            when (exception is Win32Exception or IOException or UnauthorizedAccessException or ArgumentException or OutOfMemoryException)
        {
            end = SystemShortage.Is(exception)
                ? (
                    SupervisorEnd.Shortage,
                    $"{info.FileName} could not be started, for want of files, processes or memory: {exception.Message}"
                )
                : (SupervisorEnd.NotStarted, $"{info.FileName} could not be started: {exception.Message}{WhyTooLong(info, exception)}");
            return null;
        }
    }
}
