using System.ComponentModel;
using System.Diagnostics;
using LoopOrchestrator.Core.Agents;

namespace LoopOrchestrator.Core.Git;

/// <summary>
/// The git work tree that a workspace lies in, asked through the git program. Hooks, the file system monitor, pagers, prompts and signing
/// are off in every call, and no call takes a lock only to look; still a repository's own configuration names programs (filters), so ask only where the
/// workspace is trusted. Safe for many threads.
/// </summary>
internal sealed class GitRepository
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    // What a user's shell, or an agent's, may have set to lead git elsewhere.
    private static readonly string[] Foreign =
    [
        "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_NAMESPACE",
        "GIT_CEILING_DIRECTORIES", "GIT_EXTERNAL_DIFF", "GIT_PREFIX", "GIT_CONFIG_PARAMETERS", "GIT_CONFIG_COUNT", "GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS",
        "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS", "GIT_EDITOR", "GIT_SEQUENCE_EDITOR", "GIT_TRACE",
    ];

    private readonly string _program;
    private readonly TimeProvider _time;

    private GitRepository(string program, string folder, string root, string gitFolder, TimeProvider time)
    {
        _program = program;
        _time = time;
        Folder = folder;
        Root = root;
        GitFolder = gitFolder;
    }

    /// <summary>The folder that calls are made in: the workspace, or a work tree of its repository.</summary>
    public string Folder { get; }

    /// <summary>The top of the work tree, absolute; the workspace or a folder above it.</summary>
    public string Root { get; }

    /// <summary>The work tree's own git folder (index, HEAD, state of a rebase), absolute.</summary>
    public string GitFolder { get; }

    /// <summary>Whether the folder is the top of its work tree.</summary>
    public bool IsTop => Root == Folder;

    /// <summary>The work tree that a folder lies in.</summary>
    /// <param name="folder">The folder, absolute.</param>
    /// <param name="time">The clock of the time limit.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The repository; else <see langword="null"/> and why.</returns>
    public static async Task<(GitRepository? Repository, string? Why)> FindAsync(string folder, TimeProvider time, CancellationToken cancellationToken = default)
    {
        var (program, _) = ExecutableFinder.Find("git", folder);
        if (program is null)
        {
            return (null, "there is no git on PATH");
        }

        var probe = new GitRepository(program, folder, folder, folder, time);
        var answer = await probe.TryRunAsync(["rev-parse", "--is-inside-work-tree", "--show-toplevel", "--absolute-git-dir"], cancellationToken: cancellationToken);
        return answer.Ok && answer.Text.Split('\n') is ["true", var root, var gitFolder]
            ? (new GitRepository(program, folder, root, gitFolder, time), null)
            : (null, answer.Error.Contains("dubious ownership", StringComparison.Ordinal) ? "git refuses the folder, because another user owns it" : "the workspace is no git work tree");
    }

    /// <summary>The same repository with calls made in another work tree of it.</summary>
    public GitRepository In(string folder, string gitFolder) => new(_program, folder, folder, gitFolder, _time);

    /// <summary>Calls git and expects success.</summary>
    /// <param name="arguments">The arguments, one each; no shell takes them apart.</param>
    /// <param name="environment">Variables to set for this call, such as another index file.</param>
    /// <param name="input">Its standard input; empty when not given.</param>
    /// <param name="cancellationToken">Ends the call, and git with it.</param>
    /// <exception cref="GitException">It did not succeed, or not within two minutes.</exception>
    public async Task<GitResult> RunAsync(
        IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null, byte[]? input = null, CancellationToken cancellationToken = default)
    {
        var result = await TryRunAsync(arguments, environment, input, cancellationToken);
        return result.Ok ? result : throw new GitException($"git {arguments[0]} ended with exit code {result.ExitCode}: {result.Error.Trim()}");
    }

    /// <summary>As <see cref="RunAsync"/>, for calls whose exit code is an answer.</summary>
    /// <exception cref="GitException">It could not be started, or did not end within two minutes.</exception>
    public async Task<GitResult> TryRunAsync(
        IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null, byte[]? input = null, CancellationToken cancellationToken = default)
    {
        var start = new ProcessStartInfo(
            _program, ["-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false", "-c", "commit.gpgSign=false", "-c", "gc.auto=0", "--no-pager", "--no-optional-locks", .. arguments])
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var name in Foreign)
        {
            start.Environment.Remove(name);
        }

        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["GIT_LITERAL_PATHSPECS"] = "1";
        start.Environment["LC_ALL"] = "C";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        using var limit = new CancellationTokenSource(Limit, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var process = Process.Start(start)!;
            try
            {
                using var output = new MemoryStream();
                var reading = process.StandardOutput.BaseStream.CopyToAsync(output, both.Token);
                var error = process.StandardError.ReadToEndAsync(both.Token);
                await WriteAsync(process, input ?? [], both.Token);
                await Task.WhenAll(reading, error, process.WaitForExitAsync(both.Token));
                return new GitResult(process.ExitCode, output.ToArray(), await error);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new GitException($"git {arguments[0]} did not end within {Limit.TotalSeconds:0} s");
        }
        catch (Exception exception) when (exception is Win32Exception or IOException)
        {
            throw new GitException($"git {arguments[0]} could not be run: {exception.Message}", exception);
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
