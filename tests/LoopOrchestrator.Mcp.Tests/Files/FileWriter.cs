using System.Text.Json.Nodes;
using LoopOrchestrator.Testing.Clients;
using LoopOrchestrator.Testing.Processes;

namespace LoopOrchestrator.Mcp.Tests.Files;

/// <summary>A server process of its own that is asked to write, and what it has said so far.</summary>
internal sealed class FileWriter(ServerProcess server) : IDisposable
{
    private readonly WireClient _wire = new(server);
    private readonly Dictionary<int, string> _asked = [];
    private int _last;

    public ServerProcess Server => server;

    /// <summary>Effects that were acknowledged.</summary>
    public List<string> Acknowledged { get; } = [];

    /// <summary>Effects that were asked for and not answered yet.</summary>
    public IReadOnlyCollection<string> Asked => _asked.Values;

    public Task AskAsync(MixedWrite write)
    {
        _asked.Add(++_last, write.Effect);
        return _wire.SendAsync(
            WireClient.StatelessRequest(
                _last,
                "tools/call",
                new JsonObject { ["name"] = write.Tool, ["arguments"] = write.Arguments.DeepClone() }
            )
        );
    }

    /// <summary>Reads the next answer, which must be a success.</summary>
    /// <returns>False at the end of the process's output.</returns>
    public async Task<bool> HearAsync()
    {
        if (await _wire.ReceiveAsync() is not { } answer)
        {
            return false;
        }

        if (answer["id"] is null)
        {
            return true;
        }

        var error = answer["error"] is not null || (bool?)answer["result"]?["isError"] == true;
        error.Should().BeFalse($"of {answer.ToJsonString()}");
        _asked.Remove((int)answer["id"]!, out var effect).Should().BeTrue();
        Acknowledged.Add(effect!);
        return true;
    }

    public void Dispose() => _wire.Dispose();
}
