using System.ComponentModel;
using System.Diagnostics;
using LoopOrchestrator.Core.Agents.Supervision.Files;

namespace LoopOrchestrator.Core.Agents.Supervision;

/// <summary>Starts supervisors as processes of this same program.</summary>
/// <param name="selfCommand">
/// The program and the arguments that lead to it, for example the executable alone, or <c>dotnet</c> and the assembly.
/// </param>
internal sealed class SupervisorLauncher(IReadOnlyList<string> selfCommand) : ISupervisorLauncher
{
    public IReadOnlyList<string> SelfCommand => selfCommand;

    public void Launch(RunFolder folder, SupervisorStart start, Action onExit)
    {
        var startInfo = new ProcessStartInfo(selfCommand[0], [.. selfCommand.Skip(1), SupervisorProgram.CommandName, folder.FullPath])
        {
            WorkingDirectory = folder.FullPath,
            // All three, so that it never holds a pipe of ours that a client waits on.
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        try
        {
            var process = Process.Start(startInfo)!;
            SendStart(process, start);
            process.StandardOutput.Close();
            process.StandardError.Close();
            process.Exited += (_, _) =>
            {
                process.Dispose();
                onExit();
            };
            process.EnableRaisingEvents = true;
        }
        catch (Exception exception) when (exception is Win32Exception or IOException)
        {
            throw new SupervisorNotStartedException(
                $"The supervisor {selfCommand[0]} could not be started: {exception.Message}",
                exception
            );
        }
    }

    // It fits into the pipe, so this never waits.
    private static void SendStart(Process supervisor, SupervisorStart start)
    {
        try
        {
            using var input = supervisor.StandardInput.BaseStream;
            input.Write(start.Line);
        }
        catch (IOException)
        {
            // It has ended already. Whoever looks at the folder finds that nothing was begun.
        }
    }
}
