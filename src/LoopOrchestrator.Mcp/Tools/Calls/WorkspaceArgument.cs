using System.Text.Json;
using System.Text.Json.Nodes;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Served;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tools.Calls;

/// <summary>
/// The argument <c>workspace</c> of every tool, of which the tools themselves know nothing: it decides whose services a call gets. A server
/// of one workspace does not list it, and takes it all the same where it names that one: what was meant for another is done nowhere.
/// </summary>
internal static class WorkspaceArgument
{
    /// <summary>Its name.</summary>
    public const string Name = "workspace";

    private const int MaxLength = 1_000;

    /// <summary>The definition of a tool with the argument in it.</summary>
    /// <param name="tool">The tool; it is changed.</param>
    /// <param name="served">The workspaces of the server.</param>
    public static Tool AddTo(Tool tool, ServedWorkspaces served)
    {
        var schema = JsonNode.Parse(tool.InputSchema.GetRawText())!.AsObject();
        if (schema["properties"] is not JsonObject properties)
        {
            schema["properties"] = properties = [];
        }

        properties[Name] = new JsonObject
        {
            ["type"] = "string",
            ["description"] =
                $"The workspace: {string.Join(", ", served.All.Select(static one => one.Name))}, or its folder. "
                + $"Default: {served.Default.Name}.",
            ["maxLength"] = MaxLength,
        };
        tool.InputSchema = JsonElement.Parse(schema.ToJsonString());
        return tool;
    }

    /// <summary>Outside of all that looks at a call, so that it is recorded where it is carried out.</summary>
    public static McpRequestHandler<CallToolRequestParams, CallToolResult> Guard(
        McpRequestHandler<CallToolRequestParams, CallToolResult> next
    ) =>
        async (context, cancellationToken) =>
        {
            try
            {
                if (await EnterAsync(context, cancellationToken) is { } chosen)
                {
                    ServedWorkspaces.WorkFor(chosen.Name);
                }
            }
            catch (UserErrorException exception)
            {
                context.Items.TryAdd(ArgumentText.ProblemKey, exception.Message);
            }

            return await next(context, cancellationToken);
        };

    private static async ValueTask<ServedWorkspace?> EnterAsync(
        RequestContext<CallToolRequestParams> context,
        CancellationToken cancellationToken
    )
    {
        var given = Take(context.Params?.Arguments);
        if (context.Services?.GetService<ServedWorkspaces>() is { } served)
        {
            await served.Tried.WaitAsync(cancellationToken);
            var chosen = served.Choose(given);
            context.Services = chosen.Services;
            return chosen;
        }

        if (given is not null && context.Services?.GetService<ServerContext>() is { } server && !IsServed(given, server.Paths.Root))
        {
            throw new UserErrorException(
                $"The argument '{Name}' is '{AnswerLimits.Cut(given, MaxLength)}', and this server serves {server.Paths.Root} alone. "
                    + "Leave it out, use the server of that workspace, or have a person start one for both: loop-orchestrator "
                    + "--workspace A --workspace B"
            );
        }

        return null;
    }

    // What is no text is no workspace either, and is refused with those that are. Many clients send null for what they leave out.
    private static string? Take(IDictionary<string, JsonElement>? arguments)
    {
        return arguments is null || !arguments.Remove(Name, out var value) || value.ValueKind == JsonValueKind.Null ? null
            : value.ValueKind == JsonValueKind.String ? value.GetString()
            : value.GetRawText();
    }

    // Its own name counts only while no other workspace is registered under it.
    private static bool IsServed(string given, string root) =>
        MeantFolder.Of(given) is { } folder
            ? MeantFolder.Is(folder, root)
            : string.Equals(given, Path.GetFileName(root), StringComparison.Ordinal);
}
