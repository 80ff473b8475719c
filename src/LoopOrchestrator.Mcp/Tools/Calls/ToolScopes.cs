using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Configuration;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tools.Calls;

/// <summary>Which scope of a token each tool needs. A tool that is not in the list needs the most.</summary>
internal static class ToolScopes
{
    /// <summary>The tools with what they need; docs/http.md has the same table.</summary>
    public static IReadOnlyDictionary<string, AccessScope> All { get; } =
        new Dictionary<string, AccessScope>(StringComparer.Ordinal)
        {
            ["get_cycle"] = AccessScope.Read,
            ["get_run"] = AccessScope.Read,
            ["get_status"] = AccessScope.Read,
            ["get_timing"] = AccessScope.Read,
            ["list_cycles"] = AccessScope.Read,
            ["list_files"] = AccessScope.Read,
            ["list_modes"] = AccessScope.Read,
            ["list_runs"] = AccessScope.Read,
            ["list_schedules"] = AccessScope.Read,
            ["list_todos"] = AccessScope.Read,
            ["read_file"] = AccessScope.Read,
            ["read_memory"] = AccessScope.Read,
            ["search_files"] = AccessScope.Read,
            ["search_memory"] = AccessScope.Read,
            ["show_board"] = AccessScope.Read,
            ["answer_run"] = AccessScope.Run,
            ["append_memory"] = AccessScope.Run,
            ["backup_file"] = AccessScope.Run,
            ["cancel_cycle"] = AccessScope.Run,
            ["cancel_run"] = AccessScope.Run,
            ["claim_run"] = AccessScope.Run,
            ["complete_run"] = AccessScope.Run,
            ["log_timing"] = AccessScope.Run,
            ["run_mode"] = AccessScope.Run,
            ["trigger_schedule"] = AccessScope.Run,
            ["update_todo"] = AccessScope.Run,
            ["compact_memory"] = AccessScope.Admin,
            ["delete_schedule"] = AccessScope.Admin,
            ["resolve_escalation"] = AccessScope.Admin,
            ["resume_agent"] = AccessScope.Admin,
            ["restore_file"] = AccessScope.Admin,
            ["rollback_run"] = AccessScope.Admin,
            ["save_schedule"] = AccessScope.Admin,
            ["write_file"] = AccessScope.Admin,
        };

    /// <summary>Refuses a call for which the caller's token has too small a scope.</summary>
    public static McpRequestHandler<CallToolRequestParams, CallToolResult> Guard(
        McpRequestHandler<CallToolRequestParams, CallToolResult> next
    ) =>
        (context, cancellationToken) =>
            IsRefused(context)
                ? ValueTask.FromResult(Refuse(AccessGrant.Of(context.User)!, ((McpServerTool)context.MatchedPrimitive!).ProtocolTool.Name))
                : next(context, cancellationToken);

    /// <summary>Whether a call is refused for that. A tool that there is not is somebody else's to refuse.</summary>
    public static bool IsRefused(RequestContext<CallToolRequestParams> context) =>
        context.MatchedPrimitive is McpServerTool tool
        && AccessGrant.Of(context.User) is { } grant
        && !Allows(grant, tool.ProtocolTool.Name);

    /// <summary>Lists to a caller the tools that its token lets it call: a model would try the others in vain.</summary>
    public static McpRequestHandler<ListToolsRequestParams, ListToolsResult> Narrow(
        McpRequestHandler<ListToolsRequestParams, ListToolsResult> next
    ) =>
        async (context, cancellationToken) =>
        {
            var result = await next(context, cancellationToken);
            if (AccessGrant.Of(context.User) is { Scope: < AccessScope.Admin } grant)
            {
                result.Tools = [.. result.Tools.Where(tool => Allows(grant, tool.Name))];
            }

            return result;
        };

    /// <summary>Whether somebody may do what a tool does.</summary>
    /// <param name="grant">What they were let in as; <see langword="null"/> for one who needed no token.</param>
    /// <param name="tool">The tool.</param>
    public static bool Allows(AccessGrant? grant, string tool) => grant is null || Needed(tool) <= grant.Scope;

    /// <summary>The scope that a tool needs.</summary>
    public static AccessScope Needed(string tool) => All.GetValueOrDefault(tool, AccessScope.Admin);

    private static CallToolResult Refuse(AccessGrant grant, string tool)
    {
        var scope = Needed(tool);
        var needed = scope.Name();
        var message = grant.IssuerScopes is { } words
            ? $"{tool} was not called. It needs an access token with the scope {words[(int)scope]}, and the one of {grant.Name} has "
                + $"{words[(int)grant.Scope]}. Ask its issuer for one with that scope: a person signs in again."
            : $"{tool} was not called. It needs a token with the scope {needed}, and the token '{grant.Name}' has {grant.Scope.Name()}. "
                + $"A person makes one where the server runs: {Product.Name} token create NAME --scope {needed}";
        return new CallToolResult { IsError = true, Content = [new TextContentBlock { Text = message }] };
    }
}
