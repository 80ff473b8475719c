using System.Runtime.InteropServices;

namespace LoopOrchestrator.Benchmarks.Processes;

/// <summary>
/// The floor: a server on the bare SDK, published natively as ours is, whose tools return what they are given.
/// </summary>
/// <param name="Path">Its program.</param>
internal sealed record BareServer(string Path)
{
    private const string Project = "benchmarks/LoopOrchestrator.BareServer";

    /// <summary>The one that is named, else published from this repository; what is up to date is not compiled again.</summary>
    public static async Task<BareServer> FindAsync(string? named, CancellationToken cancellationToken)
    {
        if (named is not null)
        {
            return File.Exists(named)
                ? new BareServer(System.IO.Path.GetFullPath(named))
                : throw new BenchmarkException($"--bare is '{named}', and there is no such file.");
        }

        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !Directory.Exists(System.IO.Path.Combine(root.FullName, Project)))
        {
            root = root.Parent;
        }

        if (root is null)
        {
            throw new BenchmarkException($"{Project} is not above {AppContext.BaseDirectory}. Name a published one with --bare.");
        }

        var output = System.IO.Path.Combine(root.FullName, "artifacts", "bare-server");
        await FinishedProcess.RunAsync(
            "dotnet",
            [
                "publish",
                System.IO.Path.Combine(root.FullName, Project),
                "-c",
                "Release",
                "-r",
                RuntimeInformation.RuntimeIdentifier,
                "-o",
                output,
            ],
            cancellationToken
        );
        return new BareServer(System.IO.Path.Combine(output, "bare-server"));
    }

    /// <summary>How it is started over stdio with the answers of a folder, a file for each tool.</summary>
    public ServerCommand Stdio(string answers) => new(Path, "stdio", answers);

    /// <summary>The same over HTTP; it says where it listens.</summary>
    public ServerCommand Http(string answers) => new(Path, "http", answers);
}
