using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Resources;

/// <summary>
/// A resource whose method is looked at when resources are listed or one of its address is read: few clients do either, and a start would
/// wait for all of them.
/// </summary>
/// <param name="uriTemplate">Its address, as its attribute has it.</param>
/// <param name="bind">Makes what reads it.</param>
internal sealed class BoundLater(string uriTemplate, Func<McpServerResource> bind) : McpServerResource, IMcpServerPrimitive
{
    private readonly Lazy<McpServerResource> _bound = new(bind);

    /// <inheritdoc/>
    public override ResourceTemplate ProtocolResourceTemplate => _bound.Value.ProtocolResourceTemplate;

    /// <inheritdoc/>
    public override Resource? ProtocolResource => _bound.Value.ProtocolResource;

    /// <inheritdoc/>
    public override IReadOnlyList<object> Metadata => _bound.Value.Metadata;

    // The collection of resources asks for it at the start.
    string IMcpServerPrimitive.Id => uriTemplate;

    /// <inheritdoc/>
    public override bool IsMatch(string uri) => _bound.Value.IsMatch(uri);

    /// <inheritdoc/>
    public override ValueTask<ReadResourceResult> ReadAsync(
        RequestContext<ReadResourceRequestParams> request,
        CancellationToken cancellationToken = default
    ) => _bound.Value.ReadAsync(request, cancellationToken);
}
