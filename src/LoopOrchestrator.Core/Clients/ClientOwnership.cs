namespace LoopOrchestrator.Core.Clients;

/// <summary>Whose an entry is, what it needs, and whether a change has left everything else as it was.</summary>
internal static class ClientOwnership
{
    private const string Program = "loop-orchestrator";
    private const string Project = "LoopOrchestrator.Mcp";
    private const string WorkspaceOption = "--workspace";

    /// <summary>Whether an entry is this server's: it starts this program, or it is what we remember to have written.</summary>
    public static bool IsOurs(ClientServer server, ClientRecord? record) =>
        (record is not null && record.Server.Length > 0 && record.Server == server.ToString())
        || (server.Command is [var first, ..] && NameOf(first) == Program)
        || (
            server.Command is [var runtime, ..]
            && NameOf(runtime) is "dotnet" or "dnx"
            && server
                .Command.Skip(1)
                .TakeWhile(static word => word != WorkspaceOption)
                .Any(static word => NameOf(word) is Program or Project)
        )
        || (
            // Here a package is named, and never a path.
            server.Command
                is ["npx", ..]
            && server
                .Command.TakeWhile(static word => word != WorkspaceOption)
                .Any(static word => word == Program || word.StartsWith(Program + "@", StringComparison.Ordinal))
        );

    /// <summary>The workspace that an entry names, or <see langword="null"/>.</summary>
    public static string? WorkspaceOf(ClientServer server) =>
        server.Command.SkipWhile(static word => word != WorkspaceOption).Skip(1).FirstOrDefault();

    /// <summary>What an entry needs and is not there, as the end of a sentence; <see langword="null"/> where nothing is missing.</summary>
    public static string? WhatIsMissing(ClientServer server)
    {
        // A program by its name alone is looked for by the client, in a PATH that is not known here.
        var program = server
            .Command.TakeWhile(static word => word != WorkspaceOption)
            .FirstOrDefault(static word => Path.IsPathFullyQualified(word) && NameOf(word) is Program);
        return server.Command is [var first, ..] && Path.IsPathFullyQualified(first) && !File.Exists(first)
                ? $"starts {first}, which is not there any more"
            : program is not null && !File.Exists(program) ? $"starts {program}, which is not there any more"
            : WorkspaceOf(server) is { } workspace && Path.IsPathFullyQualified(workspace) && !Directory.Exists(workspace)
                ? $"serves {workspace}, which is not there any more"
            : null;
    }

    /// <summary>Whether two files mean the same.</summary>
    public static bool SaysTheSame(IClientText one, IClientText other) => IsSame(one, other, static _ => true);

    /// <summary>Whether two files mean the same beside our entry.</summary>
    public static bool IsRestTheSame(IClientText before, IClientText after, McpClient client)
    {
        var entry = client.Container + IClientText.Separator + IClientText.Name;

        // The container itself is a value as long as it is empty; and the question for the token stands in a list beside it.
        return IsSame(before, after, key =>
            key != client.Container
            && key != entry
            && !key.StartsWith(entry + IClientText.Separator, StringComparison.Ordinal)
            && !(client.AsksForToken && (key == "inputs" || key.StartsWith("inputs" + IClientText.Separator, StringComparison.Ordinal)))
        );
    }

    private static bool IsSame(IClientText one, IClientText other, Func<string, bool> counts) =>
        one
            .Values.Where(value => counts(value.Key))
            .Order(Comparer<KeyValuePair<string, string>>.Create(static (a, b) => string.CompareOrdinal(a.Key, b.Key)))
            .SequenceEqual(
                other
                    .Values.Where(value => counts(value.Key))
                    .Order(Comparer<KeyValuePair<string, string>>.Create(static (a, b) => string.CompareOrdinal(a.Key, b.Key)))
            );

    // By the path rules of any system: an entry may have been written on another one.
    private static string NameOf(string word)
    {
        var name = word[(word.LastIndexOfAny(['/', '\\']) + 1)..];
        foreach (var ending in new[] { ".exe", ".dll", ".csproj" })
        {
            if (name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                return name[..^ending.Length];
            }
        }

        return name;
    }
}
