using System.ComponentModel;
using System.Diagnostics;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Processes;

namespace LoopOrchestrator.Core.Agents.Supervision;

/// <summary>Starts the program of an order with the environment that it may have.</summary>
/// <param name="start">Starts a process.</param>
internal sealed class AgentStarter(Func<ProcessStartInfo, Process?> start)
{
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
                : (SupervisorEnd.NotStarted, $"{info.FileName} could not be started: {exception.Message}");
            return null;
        }
    }
}
