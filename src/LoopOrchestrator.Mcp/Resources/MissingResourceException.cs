using LoopOrchestrator.Core.Errors;

namespace LoopOrchestrator.Mcp.Resources;

/// <summary>There is no resource at the address; the message says what there is.</summary>
internal sealed class MissingResourceException : UserErrorException
{
    public MissingResourceException(string message)
        : base(message) { }

    public MissingResourceException(UserErrorException reason)
        : base(reason.Sentence, reason) { }
}
