using System.Text.Json;
using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Processes;

namespace LoopOrchestrator.Mcp.Tests.EndToEnd;

/// <summary>Servers of several workspaces, with a configuration folder of their own.</summary>
public abstract class SeveralWorkspacesBase : IDisposable
{
    private readonly TemporaryFolder _place = new();

    private protected string Root => _place.FullPath;

    private protected string RegisterFile => Path.Combine(Root, "config", "loop-orchestrator", "workspaces.json");

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _place.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected static Task UntilAsync(string what, Func<Task<bool>> look) =>
        Eventually.FindAsync(what, async () => await look() ? what : null);

    private protected static IEnumerable<string> RunsOf(JsonElement list) =>
        list.GetProperty("runs").EnumerateArray().Select(static run => Text(run, "run_id"));

    private protected static string Text(JsonElement answer, string name) => answer.GetProperty(name).GetString()!;

    private protected string Folder(string name) => Directory.CreateDirectory(Path.Combine(Root, name)).FullName;

    private protected void Write(string folder, string name, string content) =>
        File.WriteAllText(Path.Combine(Folder(folder), name), content);

    private protected string Read(string folder, string name) => File.ReadAllText(Path.Combine(Root, folder, name));

    private protected string[] Audited(string folder)
    {
        var file = Path.Combine(Root, folder, ".loop", "logs", "audit.jsonl");
        return File.Exists(file) ? File.ReadAllLines(file) : [];
    }

    private protected ServerStart Start(params string[] arguments) =>
        new(Root, arguments)
        {
            Environment = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["XDG_CONFIG_HOME"] = Path.Combine(Root, "config"),
            },
        };

    private protected Task<ServerProcess> StartAsync(params string[] arguments) =>
        ServerProcess.StartHttpAsync(Start(["--mode", "http", "--port", "0", .. arguments]));

    private protected async Task<ProcessResult> RunAsync(params string[] arguments)
    {
        var result = await ServerProcess.RunAsync(Start(arguments));
        result.ExitCode.Should().Be(0, result.Error);
        return result;
    }
}
