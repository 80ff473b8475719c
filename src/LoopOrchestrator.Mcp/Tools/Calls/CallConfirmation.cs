using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Mcp.Configuration;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tools.Calls;

/// <summary>
/// Asks a person before a call ends or takes back work, where the client can show them a form. Where it cannot, the call is carried out as
/// it stands: such clients ask by themselves, by what the tool says of itself. It is a question to whoever may call, and no guard against
/// them.
/// </summary>
internal static class CallConfirmation
{
    /// <summary>What is said of the argument that answers it before it is asked.</summary>
    public const string Argument = "A person agreed: do not ask.";

    private const string Key = "confirm";

    /// <summary>Returns when the call may be carried out.</summary>
    /// <param name="context">The call.</param>
    /// <param name="confirm">Its argument: somebody has agreed already.</param>
    /// <param name="question">What is about to happen, for the person; names and tasks of others may be in it.</param>
    /// <param name="cancellationToken">The call's.</param>
    /// <exception cref="InputRequiredException">The client is to ask, and to call again.</exception>
    /// <exception cref="UserErrorException">Nobody agreed.</exception>
    public static async Task AskAsync(
        RequestContext<CallToolRequestParams> context,
        bool confirm,
        string question,
        CancellationToken cancellationToken
    )
    {
        if (confirm || !PersonForm.CanBeShown(context.Server))
        {
            return;
        }

        // Nothing to fill in: the client's own buttons are the answer.
        var answer = await PersonForm.AskAsync(
            context,
            Key,
            new ElicitRequestParams { Message = SafeText.EscapeLines(question), RequestedSchema = new ElicitRequestParams.RequestSchema() },
            cancellationToken
        );
        if (answer.Content is null)
        {
            throw new UserErrorException(
                $"{context.Params?.Name} did nothing: the person was asked and did not agree ({answer.Word}). Where somebody has agreed in "
                    + "another way, or there is nobody to ask, call it again with confirm: true."
            );
        }
    }
}
