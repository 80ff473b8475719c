using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Errors;

/// <summary>
/// Something that the caller can put right. The message says what is wrong, where, and what to do next; it is shown as it stands,
/// to people and to agents, so it never suggests deleting anything.
/// </summary>
public class UserErrorException : Exception
{
    /// <summary>Creates the error.</summary>
    public UserErrorException(string message)
        : base(ToolNames.Plain(message)) => Sentence = message;

    /// <summary>Creates the error, keeping what caused it for the log.</summary>
    public UserErrorException(string message, Exception innerException)
        : base(ToolNames.Plain(message), innerException) => Sentence = message;

    /// <summary>The message with its names of tools marked, see <see cref="ToolNames"/>.</summary>
    public string Sentence { get; }
}
