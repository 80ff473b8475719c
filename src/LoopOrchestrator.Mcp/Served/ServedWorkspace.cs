namespace LoopOrchestrator.Mcp.Served;

/// <summary>One of the workspaces of a server that serves several. Safe for many threads.</summary>
/// <param name="name">What it is called in this server: its name in the register, else after its folder.</param>
/// <param name="folder">Its folder, absolute.</param>
internal sealed class ServedWorkspace(string name, string folder)
{
    private volatile State _state = new(null, "it is not open yet; ask again in a moment");

    /// <summary>What it is called.</summary>
    public string Name => name;

    /// <summary>Its folder.</summary>
    public string Folder => folder;

    /// <summary>Everything that belongs to it; <see langword="null"/> while it cannot be served.</summary>
    public IServiceProvider? Services => _state.Services;

    /// <summary>Why it cannot be served; <see langword="null"/> while it is.</summary>
    public string? Problem => _state.Problem;

    /// <summary>It is served from now on.</summary>
    public void Open(IServiceProvider services) => _state = new State(services, null);

    /// <summary>It cannot be served, for now.</summary>
    public void Fail(string problem) => _state = new State(null, problem);

    // Both change together.
    private sealed record State(IServiceProvider? Services, string? Problem);
}
