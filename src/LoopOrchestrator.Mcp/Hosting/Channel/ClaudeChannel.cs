using System.Text.Json;
using System.Text.Json.Nodes;
using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Mcp.Bootstrap;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Hosting.Channel;

/// <summary>
/// Tells an open session of Claude Code of hand-offs, questions and escalations by its channel notification, which is an experiment of that
/// client's: it takes them over standard input and output only, in revisions with <c>initialize</c> only, from servers that announce it. A
/// client says nothing of it, so the user does, and the client's name. Nothing depends on it; <c>claim_run</c> waits in every client.
/// </summary>
internal sealed class ClaudeChannel(Workspace workspace, McpServer server, TimeProvider time) : BackgroundService
{
    /// <summary>What a server announces that speaks so.</summary>
    public const string Capability = "claude/channel";

    /// <summary>The notification.</summary>
    public const string Method = "notifications/claude/channel";

    private const string ClientName = "claude-code";

    // What happens together is told together, and a client is not flooded.
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Regular = TimeSpan.FromSeconds(5);
    private const int MaxAtOnce = 10;

    // From a moment on and not from a first look, which a slow machine makes when something has come already.
    private readonly ChannelMemory _memory = new(DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()));

    /// <summary>Announces it, and serves it.</summary>
    public static void AddTo(IServiceCollection services)
    {
        services.Configure<McpServerOptions>(static options =>
        {
            options.Capabilities ??= new ServerCapabilities();
            options.Capabilities.Experimental ??= new Dictionary<string, object>(StringComparer.Ordinal);
            options.Capabilities.Experimental[Capability] = JsonElement.Parse("{}");
        });
        services.AddHostedService<ClaudeChannel>();
    }

    /// <summary>
    /// Has clients begin with <c>initialize</c>. One that finds the newest revision by <c>server/discover</c> speaks that, which has no way
    /// to tell it anything that it did not ask for.
    /// </summary>
    public static McpMessageHandler Guard(McpMessageHandler next) =>
        (context, cancellationToken) =>
            context.JsonRpcMessage is JsonRpcRequest { Method: RequestMethods.ServerDiscover }
                ? throw new McpProtocolException(
                    "server/discover is not served while --claude-channel is on. Begin with initialize.",
                    McpErrorCode.MethodNotFound
                )
                : next(context, cancellationToken);

    /// <summary>Whether a client takes it.</summary>
    public static bool IsMeant(string? clientName, string? revision) =>
        clientName == ClientName && Product.HandshakeRevisions.Contains(revision, StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var signal = new SemaphoreSlim(0, 1);
        using var watch = workspace.Watch(() => Wake(signal));
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var news = _memory.Take(await ChannelNews.FindAsync(workspace, stoppingToken));
                if (IsMeant(server.ClientInfo?.Name, server.NegotiatedProtocolVersion))
                {
                    foreach (var one in news.Take(MaxAtOnce))
                    {
                        await server.SendMessageAsync(Message(one), stoppingToken);
                        _memory.Note(one);
                    }
                }

                await signal.WaitAsync(Regular, stoppingToken);
                await Task.Delay(Together, time, stoppingToken);
            }
            catch (Exception exception) when (exception is UserErrorException or IOException or UnauthorizedAccessException)
            {
                // The records cannot be read, of which the loop of the workspace tells, or the client is gone, and its input ends.
                await Task.Delay(Regular, time, stoppingToken);
            }
        }
    }

    private static void Wake(SemaphoreSlim signal)
    {
        try
        {
            if (signal.CurrentCount == 0)
            {
                signal.Release();
            }
        }
        catch (Exception exception) when (exception is SemaphoreFullException or ObjectDisposedException)
        {
            // Somebody else has woken it, or it has ended.
        }
    }

    private static JsonRpcNotification Message(ChannelNews news) =>
        new()
        {
            Method = Method,
            Params = new JsonObject
            {
                ["content"] = news.Content,
                ["meta"] = new JsonObject { ["kind"] = news.Kind, ["id"] = news.Id },
            },
        };
}
