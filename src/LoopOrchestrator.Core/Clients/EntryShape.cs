namespace LoopOrchestrator.Core.Clients;

/// <summary>The members of an entry as the clients of one family have them.</summary>
internal sealed record EntryShape
{
    /// <summary>The <c>type</c> of a server that is started; <see langword="null"/> where none is written.</summary>
    public string? StdioType { get; init; }

    /// <summary>The <c>type</c> of a server with an address; <see langword="null"/> where none is written.</summary>
    public string? HttpType { get; init; }

    /// <summary>The member with the address.</summary>
    public string UrlName { get; init; } = "url";

    /// <summary>The member with the variables.</summary>
    public string EnvironmentName { get; init; } = "env";

    /// <summary>Whether <c>command</c> is the whole command line as a list, instead of the program beside <c>args</c>.</summary>
    public bool HasOneList { get; init; }

    /// <summary>
    /// The member that takes the name of the token's variable; <see langword="null"/> where a header has a reference to it.
    /// </summary>
    public string? TokenVariableName { get; init; }

    /// <summary>How a reference to a variable is written, with <c>NAME</c> for its name.</summary>
    public string Reference { get; init; } = "${NAME}";

    /// <summary>What makes the client wait for this server and show its tools.</summary>
    public IReadOnlyList<EntryMember> Preferences { get; init; } = [];

    /// <summary>Names that say how the server is reached: what an entry has of them and we do not write goes when it is changed.</summary>
    public IReadOnlyList<string> Managed =>
        [
            "type",
            "command",
            "args",
            "cwd",
            "url",
            "httpUrl",
            "headers",
            "transport",
            EnvironmentName,
            .. TokenVariableName is null ? Array.Empty<string>() : [TokenVariableName],
        ];

    /// <summary>The members for a server.</summary>
    /// <param name="server">The server.</param>
    /// <param name="scope">Whose file they are for.</param>
    public IReadOnlyList<EntryMember> Write(ClientServer server, ClientScope scope) =>
        [
            .. server.Url is { } url ? Http(url, server.TokenVariable) : Stdio(server),
            .. Preferences.Where(member => scope is ClientScope.Project || !member.IsOfProject),
        ];

    private IEnumerable<EntryMember> Stdio(ClientServer server)
    {
        if (StdioType is not null)
        {
            yield return new("type", EntryValue.Of(StdioType));
        }

        if (HasOneList)
        {
            yield return new("command", EntryValue.Of(server.Command));
        }
        else
        {
            yield return new("command", EntryValue.Of(server.Command[0]));
            yield return new("args", EntryValue.Of(server.Command.Skip(1)));
        }

        if (server.Environment.Count > 0)
        {
            yield return new(EnvironmentName, EntryValue.Of(server.Environment));
        }
    }

    private IEnumerable<EntryMember> Http(string url, string? tokenVariable)
    {
        if (HttpType is not null)
        {
            yield return new("type", EntryValue.Of(HttpType));
        }

        yield return new(UrlName, EntryValue.Of(url));
        if (tokenVariable is not null && TokenVariableName is not null)
        {
            yield return new(TokenVariableName, EntryValue.Of(tokenVariable));
        }
        else if (tokenVariable is not null)
        {
            var reference = Reference.Replace("NAME", tokenVariable, StringComparison.Ordinal);
            yield return new("headers", EntryValue.Of([KeyValuePair.Create("Authorization", $"Bearer {reference}")]));
        }
    }
}
