namespace LoopOrchestrator.Core.Clients;

/// <summary>How a client is to reach this server: a command that it starts, or an address.</summary>
public sealed record ClientServer
{
    /// <summary>The program and its arguments; empty where there is an <see cref="Url"/>.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Variables that the program needs beside those that a client hands on.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The address; <see langword="null"/> where there is a <see cref="Command"/>.</summary>
    public string? Url { get; init; }

    /// <summary>The variable from which the client takes the token for the address; <see langword="null"/> for none.</summary>
    public string? TokenVariable { get; init; }

    /// <summary>The command or the address as one line.</summary>
    public override string ToString() => Url ?? string.Join(' ', Command);
}
