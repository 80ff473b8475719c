using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace LoopOrchestrator.Benchmarks.Processes;

/// <summary>Servers that people would use otherwise, from npm in exact versions, in a folder of the benchmark's own.</summary>
internal sealed class Peers
{
    /// <summary>The reference memory server.</summary>
    public const string MemoryName = "server-memory 2026.8.31";

    /// <summary>The scheduler that is nearest to ours.</summary>
    public const string CronName = "mcp-cron 0.9.1";

    private readonly string _modules;

    private Peers(string modules) => _modules = modules;

    /// <summary>Installs them; none of their scripts is executed.</summary>
    /// <param name="folder">An empty folder.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BenchmarkException">They are not for this machine, or npm could not install them.</exception>
    public static async Task<Peers> InstallAsync(string folder, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            throw new BenchmarkException($"{CronName} is measured on Linux with x64, for which its program is packed.");
        }

        await FinishedProcess.RunAsync(
            "npm",
            [
                "install",
                "--prefix",
                folder,
                "--no-audit",
                "--no-fund",
                "--ignore-scripts",
                "@modelcontextprotocol/server-memory@2026.8.31",
                "mcp-cron-linux-amd64@0.9.1",
            ],
            cancellationToken
        );
        return new Peers(Path.Combine(folder, "node_modules"));
    }

    /// <summary>The memory server, with its file in that folder.</summary>
    public ServerCommand Memory(string folder) =>
        new("node", Path.Combine(_modules, "@modelcontextprotocol", "server-memory", "dist", "index.js"))
        {
            Variables = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["MEMORY_FILE_PATH"] = Path.Combine(folder, "memory.jsonl"),
            },
        };

    /// <summary>mcp-cron over stdio, with its database in that folder.</summary>
    public ServerCommand Cron(string folder) => Cron(folder, "stdio");

    /// <summary>mcp-cron over HTTP on a port of the loopback address.</summary>
    public ServerCommand CronHttp(string folder, int port) =>
        Cron(folder, "http", "-address", "127.0.0.1", "-port", port.ToString(CultureInfo.InvariantCulture));

    /// <summary>Gives a fresh mcp-cron tasks that are due once a year.</summary>
    public static async Task AddTasksAsync(ServerCommand cron, string folder, int count, CancellationToken cancellationToken)
    {
        await using var server = Server.Start(cron, folder);
        await server.InitializeAsync(cancellationToken);
        for (var index = 0; index < count; index++)
        {
            var task = new JsonObject
            {
                ["name"] = $"bench-{index}",
                ["command"] = "true",
                ["schedule"] = "0 0 1 1 *",
                ["enabled"] = true,
            };
            await server.RequestAsync(
                "tools/call",
                new JsonObject { ["name"] = "add_task", ["arguments"] = task }.ToJsonString(),
                cancellationToken
            );
        }
    }

    private ServerCommand Cron(string folder, string transport, params IEnumerable<string> more) =>
        new(
            Path.Combine(_modules, "mcp-cron-linux-amd64", "bin", "mcp-cron"),
            ["-transport", transport, "-db-path", Path.Combine(folder, "results.db"), "-log-file", Path.Combine(folder, "log"), .. more]
        )
        {
            EndsWithInput = false,
        };
}
