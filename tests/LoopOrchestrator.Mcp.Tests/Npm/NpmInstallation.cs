using System.Diagnostics;
using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Processes;

namespace LoopOrchestrator.Mcp.Tests.Npm;

/// <summary>Packages of npm in exact versions, installed once into the folder of build results and used again by later runs.</summary>
/// <param name="name">The name of their folder, with a version.</param>
/// <param name="packages">The packages, as npm takes them.</param>
public abstract class NpmInstallation(string name, params string[] packages) : IAsyncLifetime
{
    /// <summary>Where they are.</summary>
    protected string Folder { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "npm", name));

    /// <summary>Why they cannot be used here; <see langword="null"/> when they can.</summary>
    public string? Missing { get; private set; }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Missing =
            OperatingSystem.IsWindows() ? $"{name} is started as on Unix."
            : FindNpm() is null ? "npm is not on PATH."
            : null;
        if (Missing is not null)
        {
            Environment.GetEnvironmentVariable("CI").Should().NotBe("true", $"CI has to run {name}, but: {Missing}");
            return;
        }

        Directory.CreateDirectory(Folder);
        await using var turn = await Eventually.FindAsync("the turn to install", () => Task.FromResult(TryLock()));
        var complete = Path.Combine(Folder, "complete");
        if (!File.Exists(complete))
        {
            var (exitCode, output, error) = await RunAsync(
                new ProcessStartInfo("npm", ["install", "--prefix", Folder, "--no-audit", "--no-fund", "--ignore-scripts", .. packages])
            );
            exitCode.Should().Be(0, output + error);
            await File.WriteAllTextAsync(complete, name);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<ProcessResult> RunAsync(ProcessStartInfo start)
    {
        ArgumentNullException.ThrowIfNull(start);
        start.UseShellExecute = false;
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            // Both streams as well: the servers that it starts inherit its standard error.
            await Task.WhenAll(process.WaitForExitAsync(), output, error).WaitAsync(TimeSpan.FromMinutes(3));
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }

        return new ProcessResult(process.ExitCode, await output, await error);
    }

    /// <summary>A program of one of the packages.</summary>
    protected string ProgramOf(string program) => Path.Combine(Folder, "node_modules", ".bin", program);

    private static string? FindNpm() =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(Path.PathSeparator)
            .Select(static folder => Path.Combine(folder, "npm"))
            .FirstOrDefault(File.Exists);

    private FileStream? TryLock()
    {
        try
        {
            return new FileStream(Path.Combine(Folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            // Another test process installs.
            return null;
        }
    }
}
