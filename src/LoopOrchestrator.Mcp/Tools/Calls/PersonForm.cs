using LoopOrchestrator.Mcp.Bootstrap;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tools.Calls;

/// <summary>
/// Has a client show its person a form (elicitation). In the revisions with <c>initialize</c> the client is asked while the call waits;
/// since then the call is answered with the form, and comes again with what was filled in. A client that never answers does not hold a
/// call for ever.
/// </summary>
internal static class PersonForm
{
    /// <summary>For how long a call waits for a person.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private const int MaxReasonLength = 200;

    /// <summary>
    /// Whether the client has said that it can ask. One that only leads its person to an address shows no form; the SDK takes one that says
    /// neither for one with forms, as the protocol has it.
    /// </summary>
    public static bool CanBeShown(McpServer server) => server.IsMrtrSupported && server.ClientCapabilities?.Elicitation?.Form is not null;

    /// <summary>What the person made of the form.</summary>
    /// <param name="context">The call.</param>
    /// <param name="key">The form's name in the call.</param>
    /// <param name="form">The form; some clients show it in a terminal, so what others wrote is escaped in it.</param>
    /// <param name="cancellationToken">The call's.</param>
    /// <exception cref="InputRequiredException">The client is to ask, and to call again.</exception>
    public static async Task<PersonAnswer> AskAsync(
        RequestContext<CallToolRequestParams> context,
        string key,
        ElicitRequestParams form,
        CancellationToken cancellationToken
    )
    {
        if (context.Params?.InputResponses is { } responses && responses.TryGetValue(key, out var response))
        {
            return PersonAnswer.From(response.Deserialize(InputResponse.ElicitResultJsonTypeInfo));
        }

        if (!Product.HandshakeRevisions.Contains(context.Server.NegotiatedProtocolVersion, StringComparer.Ordinal))
        {
            throw new InputRequiredException(
                new Dictionary<string, InputRequest>(StringComparer.Ordinal) { [key] = InputRequest.ForElicitation(form) }
            );
        }

        using var limit = new CancellationTokenSource(Limit, context.Services!.GetRequiredService<TimeProvider>());
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return PersonAnswer.From(await context.Server.ElicitAsync(form, both.Token));
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return PersonAnswer.None($"no answer within {Limit.TotalMinutes:0} minutes");
        }
        catch (McpException exception)
        {
            return PersonAnswer.None($"the client could not ask: {AnswerLimits.Cut(exception.Message, MaxReasonLength)}");
        }
    }
}
