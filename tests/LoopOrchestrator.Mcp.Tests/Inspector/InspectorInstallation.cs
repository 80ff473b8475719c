using System.Diagnostics;
using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Processes;

namespace LoopOrchestrator.Mcp.Tests.Inspector;

/// <summary>The MCP Inspector of npm, installed once into the folder of build results and used again by later runs.</summary>
public sealed class InspectorInstallation : IAsyncLifetime
{
    private const string Version = "2.12.0";

    private readonly string _folder = Path.GetFullPath(
        Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "npm", $"inspector-{Version}")
    );

    /// <summary>Why it cannot be used here; <see langword="null"/> when it can.</summary>
    public string? Missing { get; private set; }

    /// <summary>Its program.</summary>
    public string Program => Path.Combine(_folder, "node_modules", ".bin", "mcp-inspector");

    public async ValueTask InitializeAsync()
    {
        Missing =
            OperatingSystem.IsWindows() ? "The Inspector is started as on Unix."
            : FindNpm() is null ? "npm is not on PATH."
            : null;
        if (Missing is not null)
        {
            Environment.GetEnvironmentVariable("CI").Should().NotBe("true", $"CI has to run the Inspector, but: {Missing}");
            return;
        }

        Directory.CreateDirectory(_folder);
        await using var turn = await Eventually.FindAsync("the turn to install", () => Task.FromResult(TryLock()));
        var complete = Path.Combine(_folder, "complete");
        if (!File.Exists(complete))
        {
            var (exitCode, output, error) = await RunAsync(
                new ProcessStartInfo(
                    "npm",
                    [
                        "install",
                        "--prefix",
                        _folder,
                        "--no-audit",
                        "--no-fund",
                        "--ignore-scripts",
                        $"@modelcontextprotocol/inspector@{Version}",
                    ]
                )
            );
            exitCode.Should().Be(0, output + error);
            await File.WriteAllTextAsync(complete, Version);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

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

    private static string? FindNpm() =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(Path.PathSeparator)
            .Select(static folder => Path.Combine(folder, "npm"))
            .FirstOrDefault(File.Exists);

    private FileStream? TryLock()
    {
        try
        {
            return new FileStream(Path.Combine(_folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            // Another test process installs.
            return null;
        }
    }
}
