using System.ComponentModel;
using System.Diagnostics;

namespace LoopOrchestrator.Core.Git;

/// <summary>
/// Starts git. The one place in the product that does: what every call must have is added here, so no caller can leave it out.
/// </summary>
/// <param name="program">The git program.</param>
/// <param name="time">The clock of time limits.</param>
internal sealed class GitProcess(GitProgram program, TimeProvider time)
{
    private static readonly TimeSpan LocalLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan PushLimit = TimeSpan.FromMinutes(10);

    /// <summary>Calls git and waits for its end.</summary>
    /// <param name="folder">Where it works.</param>
    /// <param name="access">What it may reach.</param>
    /// <param name="arguments">The subcommand and what follows it, one each; no shell takes them apart.</param>
    /// <param name="environment">Variables of this call.</param>
    /// <param name="settings">Further settings of this call; see <see cref="GitEnvironment.Prepare"/>.</param>
    /// <param name="input">Its standard input.</param>
    /// <param name="cancellationToken">Ends the call, and git with it.</param>
    /// <exception cref="GitException">It could not be started, or did not end in time (two minutes; a push ten).</exception>
    public async Task<GitResult> RunAsync(
        string folder,
        GitAccess access,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        IEnumerable<KeyValuePair<string, string>> settings,
        byte[] input,
        CancellationToken cancellationToken
    )
    {
        var start = new ProcessStartInfo(program.Path, GitArguments.Of(access, arguments))
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        GitEnvironment.Prepare(start.Environment, program, access, settings, environment);
        var allowed = access == GitAccess.Push ? PushLimit : LocalLimit;
        using var limit = new CancellationTokenSource(allowed, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await RunAsync(start, input, both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new GitTimeoutException($"git {GitArguments.Subcommand(arguments)} did not end within {allowed.TotalSeconds:0} s");
        }
        catch (Exception exception) when (exception is Win32Exception or IOException)
        {
            throw new GitException($"git {GitArguments.Subcommand(arguments)} could not be run: {exception.Message}", exception);
        }
    }

    private static async Task<GitResult> RunAsync(ProcessStartInfo start, byte[] input, CancellationToken cancellationToken)
    {
        using var process = Process.Start(start)!;
        try
        {
            using var output = new MemoryStream();
            var reading = process.StandardOutput.BaseStream.CopyToAsync(output, cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await WriteAsync(process, input, cancellationToken);
            await Task.WhenAll(reading, error, process.WaitForExitAsync(cancellationToken));
            return new GitResult(process.ExitCode, output.ToArray(), await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static async Task WriteAsync(Process process, byte[] input, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input, cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading all of it; its exit code says why.
        }
    }
}
