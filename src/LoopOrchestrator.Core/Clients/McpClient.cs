namespace LoopOrchestrator.Core.Clients;

/// <summary>One client: where it has its servers, and how an entry reads there.</summary>
/// <param name="Id">Its name on the command line.</param>
/// <param name="Title">Its name.</param>
internal sealed record McpClient(string Id, string Title)
{
    /// <summary>Whether its file is TOML; else it is JSON, with comments.</summary>
    public bool IsToml { get; init; }

    /// <summary>The member of the file that holds the servers.</summary>
    public string Container { get; init; } = "mcpServers";

    /// <summary>How an entry reads.</summary>
    public EntryShape Shape { get; init; } = new();

    /// <summary>
    /// The user's file by the names that it may have: the first that is there, else the last of them.
    /// </summary>
    public required Func<ClientPlaces, IReadOnlyList<string>> UserFiles { get; init; }

    /// <summary>A second file of the user's with the same servers, which is changed as well where it is there.</summary>
    public Func<ClientPlaces, string>? AlsoFile { get; init; }

    /// <summary>The workspace's file by the names that it may have, as above; none where the client reads none there.</summary>
    public IReadOnlyList<string> ProjectFiles { get; init; } = [];

    /// <summary>Why it cannot be given an address; <see langword="null"/> where it can.</summary>
    public string? HttpRefusal { get; init; }

    /// <summary>Why it cannot be given an address with a token; <see langword="null"/> where it can.</summary>
    public string? TokenRefusal { get; init; }

    /// <summary>Whether the token is asked for by the client, as an item of <c>inputs</c> beside the servers.</summary>
    public bool AsksForToken { get; init; }

    /// <summary>The folder of the user's in which it looks for skills; the workspace's is below <c>.claude</c>.</summary>
    public Func<ClientPlaces, string>? SkillsFolder { get; init; }

    /// <summary>What its user does so that it takes notice.</summary>
    public required string Afterwards { get; init; }

    /// <summary>The version that was run with an entry of ours; <see langword="null"/> where only its documents were read.</summary>
    public string? SeenWith { get; init; }
}
