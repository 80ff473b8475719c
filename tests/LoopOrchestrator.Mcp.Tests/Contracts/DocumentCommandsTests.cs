using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using LoopOrchestrator.Mcp.Cli;
using LoopOrchestrator.Mcp.Cli.Output;
using LoopOrchestrator.Mcp.Tests.Cli;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Mcp.Tests.Contracts;

/// <summary>A command that a document tells a user to type is one that this program has, with these options.</summary>
public sealed partial class DocumentCommandsTests
{
    private const string Program = "loop-orchestrator ";

    private static readonly string[] Documents =
    [
        "README.md",
        "MCP_SERVER_README.md",
        "packaging/README.md",
        .. Directory
            .EnumerateFiles(RepositoryFiles.Find("docs"), "*.md", SearchOption.AllDirectories)
            .Select(static file => Path.GetRelativePath(RepositoryFiles.Root, file).Replace('\\', '/')),
    ];

    [Fact]
    public async Task Commands_OfTheDocuments_AreUnderstood()
    {
        var commands = Documents
            .SelectMany(static file => Commands(RepositoryFiles.Read(file)).Select(command => (file, command)))
            .ToList();

        commands.Should().HaveCountGreaterThan(60);
        await CommandLineHere.AloneAsync(() => Assert.All(commands, static one => Assert.Empty(Problems(one.command))));
    }

    [Theory]
    [InlineData("```sh\nloop-orchestrator statuss   # typed wrong\n```")]
    [InlineData("Say `loop-orchestrator trust --shows` first.")]
    [InlineData("```sh\nloop-orchestrator run code\n```")]
    public async Task Command_ThatIsNone_IsFound(string document) =>
        await CommandLineHere.AloneAsync(() => Assert.NotEmpty(Problems(Assert.Single(Commands(document)))));

    // In the text a command may be named without what it is called with.
    private static List<string> Problems(Told command) =>
        [
            .. UsageErrors
                .Describe(RootCommandFactory.Create().Parse([.. CommandLineParser.SplitCommandLine(command.Words)]))
                .Where(problem => command.IsTyped || !problem.StartsWith("Required ", StringComparison.Ordinal)),
        ];

    // Lines of shell blocks, and what stands in the text as code. One with a placeholder says a form, and no command.
    private static IEnumerable<Told> Commands(string document) =>
        Block()
            .Matches(document)
            .SelectMany(static block => block.Groups["text"].Value.Split('\n').Select(static line => new Told(line.Trim(), IsTyped: true)))
            .Concat(
                Code().Matches(Fence().Replace(document, "")).Select(static match => new Told(match.Groups["text"].Value, IsTyped: false))
            )
            .Where(static told => told.Words.StartsWith(Program, StringComparison.Ordinal))
            .Select(static told => told with { Words = Comment().Replace(told.Words[Program.Length..], "").Trim() })
            .Where(static told => !Placeholder().IsMatch(told.Words));

    [GeneratedRegex(
        "^ *```sh\n(?<text>.*?)^ *```",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        10_000
    )]
    private static partial Regex Block();

    [GeneratedRegex("^ *```.*?^ *```", RegexOptions.Multiline | RegexOptions.Singleline, 10_000)]
    private static partial Regex Fence();

    [GeneratedRegex("`(?<text>[^`\n]+)`", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Code();

    // What the shell takes for itself: a comment, and into which file it goes.
    [GeneratedRegex(" +[#>] .*$", RegexOptions.None, 10_000)]
    private static partial Regex Comment();

    [GeneratedRegex(@"[\[<|…]|\.\.\.|(?<![\w/.-])[A-Z]{1,}(?![\w/.-]*[a-z])", RegexOptions.None, 10_000)]
    private static partial Regex Placeholder();

    private sealed record Told(string Words, bool IsTyped);
}
