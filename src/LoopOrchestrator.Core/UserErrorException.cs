namespace LoopOrchestrator.Core;

/// <summary>
/// Something that the caller can mend. The message is shown to people and models as it stands,
/// so it says what is wrong, where, and what to do next, and it holds nothing secret.
/// </summary>
/// <remarks>Every other exception that reaches a boundary is taken for a fault of ours: logged whole, told in short.</remarks>
public sealed class UserErrorException : Exception
{
    /// <summary>Creates the error without a message; prefer the others.</summary>
    public UserErrorException()
    {
    }

    /// <summary>Creates the error.</summary>
    /// <param name="message">What is wrong, where, and what to do next.</param>
    public UserErrorException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error with what led to it, which is logged and not shown.</summary>
    /// <param name="message">What is wrong, where, and what to do next.</param>
    /// <param name="innerException">What led to it.</param>
    public UserErrorException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
