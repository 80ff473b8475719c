using LoopOrchestrator.Core;
using LoopOrchestrator.Mcp.Bootstrap;

namespace LoopOrchestrator.Mcp.Resources;

/// <summary>Reads a resource by its address outside of a request, for whoever wants to know whether it has changed.</summary>
internal sealed class ResourceReader(Workspace workspace, ServerContext context)
{
    private const string Root = "loop://";

    private readonly StatusResources _status = new(workspace, context);
    private readonly FileResources _files = new(workspace);
    private readonly RunResources _runs = new(workspace);
    private readonly ModeResources _modes = new(workspace);
    private readonly CycleResources _cycles = new(workspace);

    /// <summary>The resource's text. Of one that has pages, what its first page says.</summary>
    /// <exception cref="MissingResourceException">There is none at the address.</exception>
    public async Task<string> ReadAsync(string uri, CancellationToken cancellationToken)
    {
        var parts = uri.StartsWith(Root, StringComparison.Ordinal) ? uri[Root.Length..].Split('/') : [];
        var contents = parts switch
        {
            ["status"] => await _status.StatusAsync(cancellationToken),
            ["schedules"] => await _status.SchedulesAsync(cancellationToken),
            ["schedules", var id] => await _status.ScheduleAsync(Uri.UnescapeDataString(id), cancellationToken),
            ["timing"] => _status.Timing(cancellationToken),
            ["memory"] => await _files.MemoryAsync(cancellationToken),
            ["todo"] => _files.Todo(cancellationToken),
            ["runs", var id] => await _runs.RunAsync(Uri.UnescapeDataString(id), cancellationToken),
            ["runs", var id, "log"] => await _runs.LogAsync(Uri.UnescapeDataString(id), cancellationToken),
            ["modes", var slug] => _modes.Mode(Uri.UnescapeDataString(slug), cancellationToken),
            ["cycles", var id] => await _cycles.CycleAsync(Uri.UnescapeDataString(id), cancellationToken),
            _ => throw new MissingResourceException(
                $"There is no resource '{uri}' whose changes could be told. Subscribe to an address without a page or cursor."
            ),
        };
        return contents.Text;
    }
}
