using System.Diagnostics;
using LoopOrchestrator.Testing.Processes;

namespace LoopOrchestrator.Mcp.Tests.EndToEnd;

/// <summary>What a user does with git in a workspace.</summary>
internal static class GitCalls
{
    /// <summary>Makes the workspace a repository whose one commit holds all that is there.</summary>
    public static async Task InitialiseGitAsync(string folder)
    {
        await GitAsync(folder, "init", "-q", "-b", "main");
        await GitAsync(folder, "config", "user.name", "A Tester");
        await GitAsync(folder, "config", "user.email", "tester@example.org");
        await GitAsync(folder, "add", "-A");
        await GitAsync(folder, "commit", "-q", "-m", "before");
    }

    /// <summary>Runs git, which has to succeed.</summary>
    /// <returns>What it printed.</returns>
    public static async Task<string> GitAsync(string folder, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo("git", arguments)
            {
                WorkingDirectory = folder,
                UseShellExecute = false,
                RedirectStandardOutput = true,
            }
        )!;
        var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(ServerProcess.HangGuard);
        await process.WaitForExitAsync().WaitAsync(ServerProcess.HangGuard);
        process.ExitCode.Should().Be(0, $"of git {string.Join(' ', arguments)}");
        return output;
    }
}
