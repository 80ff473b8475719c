using LoopOrchestrator.Core.Clients;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Mcp.Tests.Contracts;

/// <summary>docs/clients.md has the clients of the code, with their files and what is written for each.</summary>
public sealed class ClientDocumentTests
{
    private static readonly string Document = RepositoryFiles.Read("docs/clients.md");

    [Fact]
    public void Clients_OfTheCode_AreThoseOfTheDocument() =>
        MarkdownTable
            .Rows(Document, "## Clients")
            .Select(static row => string.Join(" | ", row))
            .Should()
            .Equal(McpClients.All.Select(static client => string.Join(" | ", Row(client))));

    [Fact]
    public void Files_OfTheCode_AreThoseOfTheDocument() =>
        MarkdownTable
            .Rows(Document, "## Files")
            .Select(static row => string.Join(" | ", row))
            .Should()
            .Equal(McpClients.All.SelectMany(static client => FileRows(client)));

    private static IEnumerable<string> FileRows(McpClient client)
    {
        string[] user = [Code(client.Id), .. Systems().Select(places => Names(client.UserFiles(places)))];
        yield return string.Join(" | ", [.. user, client.ProjectFiles.Count == 0 ? "none" : Names(client.ProjectFiles)]);
        if (client.AlsoFile is { } also)
        {
            yield return string.Join(
                " | ",
                [$"{Code(client.Id)}, its extension", .. Systems().Select(places => Names([also(places)])), "none"]
            );
        }
    }

    private static string[] Row(McpClient client) =>
        [
            Code(client.Id),
            client.Title,
            Code(client.IsToml ? $"[{client.Container}.loop]" : $"{client.Container}.loop"),
            client.Shape.Preferences.Count == 0
                ? "none"
                : string.Join(", ", client.Shape.Preferences.Select(static one => Code($"{one.Name}: {one.Value.ToToml()}"))),
            client.HttpRefusal is not null ? "no `--http`"
            : client.TokenRefusal is not null ? "no `--http` with a token"
            : client.Shape.TokenVariableName is { } name ? Code(name)
            : Code(client.Shape.Reference.Replace("NAME", "LOOP_TOKEN", StringComparison.Ordinal)),
            client.SeenWith is { } version ? $"run with {version}" : "by its documents only",
        ];

    private static string Names(IEnumerable<string> files) =>
        string.Join(", else ", files.Select(static file => Code(file.Replace('\\', '/'))));

    private static string Code(string text) => $"`{text}`";

    private static IEnumerable<ClientPlaces> Systems() =>
        [
            ClientPlaces.Of("~", "", ClientSystem.Linux, static _ => null),
            ClientPlaces.Of("~", "", ClientSystem.MacOS, static _ => null),
            ClientPlaces.Of("~", "", ClientSystem.Windows, static name => name == "APPDATA" ? "%APPDATA%" : null),
        ];
}
