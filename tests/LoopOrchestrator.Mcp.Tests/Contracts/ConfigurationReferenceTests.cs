using System.Text.Json.Nodes;
using LoopOrchestrator.Mcp.Cli;
using LoopOrchestrator.Mcp.Tests.Cli;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Mcp.Tests.Contracts;

/// <summary>
/// docs/configuration.md is what the program's options and the schemas of its files say; <c>tools/snapshots</c> makes it.
/// </summary>
public sealed class ConfigurationReferenceTests
{
    private const string Document = "docs/configuration.md";
    private const string Startup = "mcp_startup";
    private const string Schedules = "schedules";
    private const string Options = "options";

    [Theory]
    [InlineData(Startup, 80)]
    [InlineData(Schedules, 20)]
    [InlineData(Options, 14)]
    public async Task Tables_OfTheDocument_AreThoseOfTheProgram(string table, int least)
    {
        var expected = table == Options ? await OptionsAsync() : ConfigurationReference.Keys(Schema(table));
        var (begin, end) = ($"<!-- {table}: made by tools/snapshots, not by hand -->", $"<!-- end of {table} -->");
        if (Snapshots.Renew)
        {
            await WriteAsync(document => Snapshots.Replace(document, begin, end, expected));
        }

        var present = Snapshots.Between(RepositoryFiles.Read(Document), begin, end);
        Snapshots.FirstDifference(present, expected).Should().BeNull(Snapshots.HowToRenew);
        present.Split('\n').Should().HaveCountGreaterThan(least);
    }

    [Fact]
    public async Task Options_OfTheServer_AreInItsDocumentToo()
    {
        var readme = RepositoryFiles.Read("MCP_SERVER_README.md");

        await CommandLineHere.AloneAsync(() =>
            Assert.All(
                RootCommandFactory.Create().Options.Where(static option => !option.Hidden && option.Name is not ("--help" or "--version")),
                option => Assert.Contains($"`{option.Name}`", readme)
            )
        );
    }

    [Fact]
    public void Keys_OfAMadeUpSchema_AreToldWithThoseBelowThem()
    {
        var schema = JsonNode.Parse(
            """
            {
              "properties": {
                "$schema": { "type": "string" },
                "port": { "type": "integer", "minimum": 0, "maximum": 9, "default": 8, "description": "A port." },
                "steps": { "type": "array", "items": { "$ref": "#/$defs/step" } },
                "named": { "additionalProperties": { "$ref": "#/$defs/step" }, "description": "By name." }
              },
              "$defs": { "step": { "properties": { "on": { "enum": ["a", "b"] }, "then": { "$ref": "#/$defs/step" } } } }
            }
            """
        )!;

        ConfigurationReference
            .Keys(schema)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Skip(2)
            .Should()
            .Equal(
                "| `port` | whole number, 0 to 9 | `8` | A port. |",
                "| `steps` | a list of objects |  |  |",
                "| `steps[].on` | `a`, `b` |  |  |",
                "| `steps[].then` | object |  |  |",
                "| `named` | object |  | By name. |",
                "| `named.NAME` | object |  |  |",
                "| `named.NAME.on` | `a`, `b` |  |  |",
                "| `named.NAME.then` | object |  |  |"
            );
    }

    private static async Task<string> OptionsAsync()
    {
        var text = "";
        await CommandLineHere.AloneAsync(() => text = ConfigurationReference.Options(RootCommandFactory.Create()));
        return text;
    }

    // The tables are tests of their own, which may run side by side.
    private static async Task WriteAsync(Func<string, string> change)
    {
        await CommandLineHere.AloneAsync(() => File.WriteAllText(RepositoryFiles.Find(Document), change(RepositoryFiles.Read(Document))));
    }

    private static JsonNode Schema(string name) => JsonNode.Parse(RepositoryFiles.Read($"docs/schemas/{name}.schema.json"))!;
}
