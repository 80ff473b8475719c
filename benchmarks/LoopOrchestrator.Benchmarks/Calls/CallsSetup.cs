using LoopOrchestrator.Benchmarks.Processes;
using LoopOrchestrator.Benchmarks.Workspaces;

namespace LoopOrchestrator.Benchmarks.Calls;

/// <summary>The servers whose calls are compared, with as much to tell each.</summary>
internal sealed class CallsSetup
{
    private readonly IReadOnlyDictionary<string, string> _answers;

    private CallsSetup(CalledServer ours, CalledServer floor, CalledServer cron, IReadOnlyDictionary<string, string> answers) =>
        (Ours, Floor, Cron, _answers) = (ours, floor, cron, answers);

    /// <summary>The program under test.</summary>
    public CalledServer Ours { get; }

    /// <summary>The bare SDK, with the answers of ours.</summary>
    public CalledServer Floor { get; }

    /// <summary>mcp-cron.</summary>
    public CalledServer Cron { get; }

    /// <summary>Prepares them.</summary>
    /// <param name="run">What is measured, and where.</param>
    /// <param name="schedules">How many schedules, and tasks, there are.</param>
    /// <param name="tools">Our tools that are called.</param>
    /// <param name="bare">The program on the bare SDK, where one is named.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<CallsSetup> MakeAsync(
        BenchmarkRun run,
        int schedules,
        IEnumerable<string> tools,
        string? bare,
        CancellationToken cancellationToken
    )
    {
        var server = await BareServer.FindAsync(bare, cancellationToken);
        var peers = await Peers.InstallAsync(run.Place.Create("npm"), cancellationToken);
        var (workspace, answers, tasks) = (run.Place.Create("workspace"), run.Place.Create("answers"), run.Place.Create("tasks"));
        WorkspaceFiles.WriteSchedules(workspace, WorkspaceFiles.FarCrons(schedules));
        await Peers.AddTasksAsync(peers.Cron(tasks), tasks, schedules, cancellationToken);
        var ours = new CalledServer(workspace, run.Program.Stdio("--trust-workspace"), _ => run.Program.Http);
        var results = new Dictionary<string, string>(StringComparer.Ordinal);
        using (var client = new StdioCaller(ours.Stdio, workspace))
        {
            foreach (var tool in tools)
            {
                client.Call(tool);
                results[tool] = client.ResultOf(tool);
                await File.WriteAllTextAsync(Path.Combine(answers, $"{tool}.json"), results[tool], cancellationToken);
            }
        }

        return new CallsSetup(
            ours,
            new CalledServer(answers, server.Stdio(answers), _ => server.Http(answers)),
            new CalledServer(tasks, peers.Cron(tasks), port => peers.CronHttp(tasks, port), TakesPort: true),
            results
        );
    }

    /// <summary>Opens clients of a server: over stdio each with a process of its own, over HTTP all of one.</summary>
    public static async Task<IReadOnlyList<Caller>> OpenAsync(
        OpenCallers open,
        CalledServer server,
        bool isHttp,
        int clients,
        CancellationToken cancellationToken
    )
    {
        var callers = new List<Caller>();
        HttpServer? shared = null;
        if (isHttp)
        {
            var port = HttpServer.FreePort();
            shared = server.TakesPort
                ? await HttpServer.StartAsync(server.Http(port), server.Folder, port, cancellationToken)
                : await HttpServer.StartAsync(server.Http(port), server.Folder, cancellationToken);
            open.Servers.Add(shared);
        }

        for (var index = 0; index < clients; index++)
        {
            Caller caller = shared is null ? new StdioCaller(server.Stdio, server.Folder) : new HttpCaller(shared.Address);
            open.Callers.Add(caller);
            callers.Add(caller);
        }

        return callers;
    }

    /// <summary>Makes sure that the floor returns what ours does, to the byte.</summary>
    /// <exception cref="BenchmarkException">It does not.</exception>
    public void CheckSameBytes(Caller floor)
    {
        foreach (var (tool, expected) in _answers)
        {
            if (floor.ResultOf(tool) is var answer && answer != expected)
            {
                throw new BenchmarkException($"The bare server returns other bytes for {tool}: {answer}, and ours {expected}");
            }
        }
    }
}
