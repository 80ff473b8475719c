using System.Text.Json;
using System.Text.Json.Nodes;
using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Mcp.Audit;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Served;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tasks;

/// <summary>
/// Runs as tasks of the protocol's extension, for clients that announce it (revision 2026-07-28): <c>run_mode</c> that was to wait answers
/// with a task at once, and the client asks for it until the run has ended, however long that takes. The task is the run: its id is the
/// run's, and there is nothing else to keep.
/// </summary>
internal static class RunTasks
{
    public const string Extension = "io.modelcontextprotocol/tasks";
    public const string Get = "tasks/get";
    public const string Update = "tasks/update";
    public const string Cancel = "tasks/cancel";

    private const string Tool = "run_mode";
    private const string Wait = "wait_seconds";
    private const string TaskId = "taskId";

    /// <summary>Serves it.</summary>
    public static IMcpServerBuilder WithRunTasks(this IMcpServerBuilder builder)
    {
#pragma warning disable MCPEXP002 // The seam for extensions; experimental as the extension is.
        builder.Services.Configure<McpServerOptions>(static options =>
        {
            options.Capabilities ??= new ServerCapabilities();
            options.Capabilities.Extensions ??= new Dictionary<string, object>(StringComparer.Ordinal);
            options.Capabilities.Extensions[Extension] = JsonElement.Parse("{}");
            options.RequestHandlers ??= [];
            options.RequestHandlers.Add(Handler(Get, AccessScope.Read, static (_, run, _, _) => Task.FromResult(RunTask.Of(run))));
            options.RequestHandlers.Add(Handler(Update, AccessScope.Run, UpdateAsync));
            options.RequestHandlers.Add(
                Handler(Cancel, AccessScope.Run, static (workspace, run, _, token) => CancelAsync(workspace, run, token))
            );
            options.Filters.Request.CallToolWithAlternateFilters.Add(CallAsync);
        });
        return builder;
    }

    private static McpServerRequestHandler Handler(
        string method,
        AccessScope needed,
        Func<Workspace, Run, JsonObject, CancellationToken, Task<JsonObject>> handle
    ) =>
        new()
        {
            Method = method,
            RoutingNameParameter = TaskId,
            Handler = async (context, cancellationToken) =>
            {
                Require(context.JsonRpcRequest);
                var services = context.Services!;
                var time = services.GetRequiredService<TimeProvider>();
                var (started, outcome) = (time.GetTimestamp(), "error");
                var id = (context.Params as JsonObject)?[TaskId] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
                if (await FindAsync(services, id, cancellationToken) is { Services: { } own } one)
                {
                    // What is done is its work, and is recorded there.
                    ServedWorkspaces.WorkFor(one.Name);
                    services = own;
                }

                var workspace = services.GetRequiredService<Workspace>();
                try
                {
                    if (AccessGrant.Of(context.User) is { } grant && grant.Scope < needed)
                    {
                        outcome = "refused";
                        throw new McpProtocolException(
                            $"{method} needs a token with the scope {Word(grant, needed)}, and "
                                + $"{grant.Name} has {Word(grant, grant.Scope)}.",
                            McpErrorCode.InvalidRequest
                        );
                    }

                    var run = await workspace.Runs.GetAsync(id, cancellationToken);
                    var result = await handle(workspace, run, context.Params as JsonObject ?? [], cancellationToken);
                    outcome = "ok";
                    return result;
                }
                catch (UserErrorException exception)
                {
                    throw new McpProtocolException(exception.Message, exception, McpErrorCode.InvalidParams);
                }
                finally
                {
                    // As of calls of tools. That somebody looks comes every other second, and says nothing.
                    if (needed > AccessScope.Read)
                    {
                        AuditCalls.Add(services, AccessGrant.Of(context.User), method, id, outcome, time.GetElapsedTime(started));
                    }
                }
            },
        };

    // A server of several looks in each for the run: a task is known by its id alone.
    private static async Task<ServedWorkspace?> FindAsync(IServiceProvider services, string id, CancellationToken cancellationToken)
    {
        if (services.GetService<ServedWorkspaces>() is not { } served)
        {
            return null;
        }

        var answers = await served.AskAllAsync(
            (one, token) => one.GetRequiredService<Workspace>().Runs.GetAsync(id, token),
            services.GetRequiredService<TimeProvider>(),
            cancellationToken
        );
        return answers.FirstOrDefault(static answer => answer.Value is not null)?.Of;
    }

    // As whoever issued the token calls it.
    private static string Word(AccessGrant grant, AccessScope scope) => grant.IssuerScopes?[(int)scope] ?? scope.Name();

    // Outside of all that looks at a call, so that a call that becomes a task has passed the same.
    private static async ValueTask<ResultOrAlternate<CallToolResult>> CallAsync(
        RequestContext<CallToolRequestParams> context,
        McpRequestHandler<CallToolRequestParams, ResultOrAlternate<CallToolResult>> next,
        CancellationToken cancellationToken
    )
    {
        if (
            context.Params is not { Name: Tool, Arguments: { } arguments }
            || !IsDeclared(context.JsonRpcRequest)
            || !arguments.TryGetValue(Wait, out var wait)
            || !wait.ToString().AsSpan().ContainsAnyInRange('1', '9')
        )
        {
            return await next(context, cancellationToken);
        }

        // Whoever asks for a task again waits as long as they like.
        arguments.Remove(Wait);
        var answer = await next(context, cancellationToken);
        if (
            answer.Result is not { IsError: not true, StructuredContent: { ValueKind: JsonValueKind.Object } content }
            || !content.TryGetProperty("run_id", out var id)
        )
        {
            return answer;
        }

        // A hand-off is the caller's own work, and what has ended needs no task.
        var run = await context.Services!.GetRequiredService<Workspace>().Runs.GetAsync(id.GetString()!, cancellationToken);
        return run.Kind == RunKind.Handoff || run.State.HasEnded()
            ? answer
            : ResultOrAlternate<CallToolResult>.FromAlternate(CreatedTask.Of(run), RunTaskJson.Default.CreatedTask);
    }

    private static async Task<JsonObject> CancelAsync(Workspace workspace, Run run, CancellationToken cancellationToken)
    {
        if (run.State is RunState.Queued or RunState.Running or RunState.NeedsInput)
        {
            await workspace.Runs.CancelAsync(run.Id, "cancelled by a client (tasks/cancel)", cancellationToken);
        }

        return RunTask.Acknowledgement();
    }

    private static async Task<JsonObject> UpdateAsync(
        Workspace workspace,
        Run run,
        JsonObject parameters,
        CancellationToken cancellationToken
    )
    {
        // What answers no question of now is passed over, as the extension has it.
        if (RunTask.Answers(run, parameters["inputResponses"] as JsonObject) is { } answers)
        {
            await workspace.Runs.AnswerAsync(run.Id, answers, cancellationToken);
        }

        return RunTask.Acknowledgement();
    }

    private static bool IsDeclared(JsonRpcRequest request) =>
        (((request.Params as JsonObject)?["_meta"] as JsonObject)?["io.modelcontextprotocol/clientCapabilities"] as JsonObject)?[
            "extensions"
        ]
            is JsonObject extensions
        && extensions.ContainsKey(Extension);

    private static void Require(JsonRpcRequest request)
    {
        if (!IsDeclared(request))
        {
            throw new MissingRequiredClientCapabilityException(
                new ClientCapabilities
                {
                    Extensions = new Dictionary<string, object>(StringComparer.Ordinal) { [Extension] = JsonElement.Parse("{}") },
                },
                $"{request.Method} is for clients that announce {Extension} with the request."
            );
        }
    }
#pragma warning restore MCPEXP002
}
