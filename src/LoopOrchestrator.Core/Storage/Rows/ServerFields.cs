using LoopOrchestrator.Core.Requests;
using LoopOrchestrator.Core.Servers;

namespace LoopOrchestrator.Core.Storage.Rows;

/// <summary>What rows of server processes, their sessions, and calls with a request id say.</summary>
internal static class ServerFields
{
    /// <summary>A server process.</summary>
    public static ServerEntry Map<TRow>(TRow row)
        where TRow : struct, IRow =>
        new(
            row.Text("identity")!,
            (int)row.Integer("pid")!.Value,
            row.Text("mode")!,
            row.Flag("trusted") == true,
            row.Moment("started_at")!.Value
        )
        {
            Held = row.Text("held") ?? "",
            Workspace = row.Text("workspace"),
        };

    /// <summary>A session.</summary>
    public static ServerSession MapSession<TRow>(TRow row)
        where TRow : struct, IRow =>
        new(row.Integer("id")!.Value, row.Text("identity")!, row.Moment("started_at")!.Value, row.Moment("ended_at"));

    /// <summary>A call with a request id.</summary>
    public static RecordedRequest MapRequest<TRow>(TRow row)
        where TRow : struct, IRow =>
        new(row.Text("digest")!, row.Moment("created_at")!.Value, row.Text("run_id"), row.Text("note"), row.Text("answer"));
}
