using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LoopOrchestrator.Testing.Processes;

/// <summary>
/// The built program in a process of its own. Disposal ends what was started here and nothing else.
/// </summary>
public sealed partial class ServerProcess : IAsyncDisposable
{
    /// <summary>How long a test waits for something that should come at once, on a machine that is busy with other things.</summary>
    public static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long a test waits for an end that was asked for: far above what is promised, for busy machines, and far below the
    /// 30 seconds that a host waits when nobody tells it otherwise.
    /// </summary>
    public static readonly TimeSpan ExitGuard = TimeSpan.FromSeconds(15);

    private const string ListeningPrefix = "Listening on ";
    private const int Sigterm = 15;

    // One for each process of tests.
    private static readonly string NoSettings = CreateSettings();

    private readonly Process _process;
    private readonly ErrorLines _errors = new();

    private ServerProcess(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) => _errors.Add(line.Data);
        process.BeginErrorReadLine();
    }

    /// <summary>The process's id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>What the program reads.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    /// <summary>What the program writes. Nobody else reads it.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>Everything written to standard error so far.</summary>
    public string ErrorText => _errors.Text;

    /// <summary>Where an HTTP server listens; set once it listens.</summary>
    public Uri? Address { get; private set; }

    /// <summary>Starts the program.</summary>
    public static ServerProcess Start(ServerStart start)
    {
        ArgumentNullException.ThrowIfNull(start);
        var info = new ProcessStartInfo
        {
            FileName = start.Shell is null ? ProductExecutable.Path : "/bin/sh",
            WorkingDirectory = start.WorkingFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        string[] shell = start.Shell is null ? [] : ["-c", start.Shell, ProductExecutable.Path];
        foreach (var argument in shell.Concat(start.Arguments))
        {
            info.ArgumentList.Add(argument);
        }

        foreach (var name in info.Environment.Keys.Where(name => name.StartsWith("LOOP_", StringComparison.Ordinal)).ToList())
        {
            info.Environment.Remove(name);
        }

        // What whoever runs the tests has said of tokens and trust on this machine is no part of them.
        info.Environment["XDG_CONFIG_HOME"] = NoSettings;
        foreach (var (name, value) in RuntimeVariables.OfShortLives.Concat(start.Environment))
        {
            info.Environment[name] = value;
        }

        return new ServerProcess(Process.Start(info) ?? throw new InvalidOperationException("The program did not start."));
    }

    /// <summary>Starts a server over stdio in this folder.</summary>
    public static ServerProcess StartStdio(string workspace, params IReadOnlyList<string> arguments) =>
        Start(new ServerStart(workspace, ["--mode", "stdio", .. arguments]));

    /// <summary>Starts a server over HTTP on a free port in this folder, and waits until it listens.</summary>
    public static Task<ServerProcess> StartHttpAsync(string workspace, params IReadOnlyList<string> arguments) =>
        StartHttpAsync(new ServerStart(workspace, ["--mode", "http", "--port", "0", .. arguments]));

    /// <summary>Starts a server that is expected to choose HTTP, and waits until it listens.</summary>
    public static async Task<ServerProcess> StartHttpAsync(ServerStart start)
    {
        var server = Start(start);
        try
        {
            var line = await server.WaitForErrorLineAsync(ListeningPrefix);
            server.Address = new Uri(line[ListeningPrefix.Length..]);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs the program to its end, with its input at its end from the start.</summary>
    public static async Task<ProcessResult> RunAsync(ServerStart start)
    {
        await using var process = Start(start);
        process.Input.Close();
        using var reader = new StreamReader(process.Output);
        var output = await reader.ReadToEndAsync().WaitAsync(HangGuard);
        return new ProcessResult(await process.WaitForExitAsync(), output, process.ErrorText);
    }

    /// <summary>Waits for a line on standard error that starts like this.</summary>
    /// <exception cref="InvalidOperationException">Standard error ended without it.</exception>
    public async Task<string> WaitForErrorLineAsync(string prefix) =>
        await _errors.WaitForAsync(prefix).WaitAsync(HangGuard)
        ?? throw new InvalidOperationException($"The program ended without saying '{prefix}':\n{ErrorText}");

    /// <summary>Waits for the end, and for the last line of standard error.</summary>
    public async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(ExitGuard);
        return _process.ExitCode;
    }

    /// <summary>Asks it to end, as a service manager does.</summary>
    public void Terminate()
    {
        if (Signal(_process.Id, Sigterm) != 0)
        {
            throw new InvalidOperationException($"No signal could be sent to {_process.Id}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    /// <summary>Ends it at once, as a crash does; what it started lives on.</summary>
    public void Kill() => _process.Kill();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();

            // Until its standard error ends, too: bounded, because something below that inherited it would hold it open.
            await _process.WaitForExitAsync().WaitAsync(ExitGuard);
        }

        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int processId, int signal);

    private static string CreateSettings()
    {
        var folder = Directory.CreateTempSubdirectory("loop-test-settings-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }
}
