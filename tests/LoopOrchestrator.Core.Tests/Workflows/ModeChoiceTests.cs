using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Workflows.Planning;

namespace LoopOrchestrator.Core.Tests.Workflows;

public sealed class ModeChoiceTests
{
    [Theory]
    [InlineData("Fix the crash when the configuration file is empty", "implementation-core")]
    [InlineData("The total of an invoice is wrong by a cent when two discounts apply", "implementation-core")]
    [InlineData("Refactor the parser so that errors carry their line", "implementation-core")]
    [InlineData("Store amounts as decimals instead of doubles", "implementation-core")]
    [InlineData("Behebe den Absturz beim Laden", "implementation-core")]
    [InlineData("Add a CSV export to the report page", "implementation-features")]
    [InlineData("Let users rename a project from the command line with a new option", "implementation-features")]
    [InlineData("Offer an endpoint that lists the invoices of a customer", "implementation-features")]
    [InlineData("Startup takes four seconds; make it faster", "implementation-performance")]
    [InlineData("The search is slow with 10,000 documents and needs too much memory", "implementation-performance")]
    [InlineData("Reduce the latency of the list of orders", "implementation-performance")]
    [InlineData("Path traversal in the upload handler: a file name with ../ leaves the folder", "implementation-security")]
    [InlineData("Hash passwords with Argon2 and expire sessions after logout", "implementation-security")]
    [InlineData("CVE-2025-1234: a token is written to the log", "implementation-security")]
    // Written after the rule and the modes' texts were fixed.
    [InlineData("Deleting a folder leaves its thumbnails behind", "implementation-core")]
    [InlineData("An exception is swallowed in the retry loop", "implementation-core")]
    [InlineData("Dark theme for the settings page", "implementation-features")]
    [InlineData("Import contacts from vCard files", "implementation-features")]
    [InlineData("Batch the database queries of the dashboard, loading it takes 3 s and the target is 500 ms", "implementation-performance")]
    [InlineData("Allocations in the hot loop: cut memory by half", "implementation-performance")]
    [InlineData("Anyone with a link can read private notes; check permissions on the server", "implementation-security")]
    [InlineData("SQL injection in the search box", "implementation-security")]
    public void Choose_TasksOfImplementation_GetTheModeThatAPersonWouldName(string task, string slug) =>
        Choose(Stage.Implementation, task).Mode.Slug.Should().Be(slug);

    [Theory]
    [InlineData(Stage.Validation, "Check that it compiles without warnings and that formatting is right", "validation-static")]
    [InlineData(Stage.Validation, "Run the unit tests", "validation-unit")]
    [InlineData(Stage.Validation, "See whether the parts work together with a real database and queue", "validation-integration")]
    [InlineData(Stage.Validation, "Check that the HTTP contract was not broken for client programs", "validation-api")]
    [InlineData(Stage.Quality, "Is it good enough for users?", "quality-functional")]
    [InlineData(Stage.Quality, "Measure throughput and memory against the last version", "quality-performance")]
    [InlineData(Stage.Quality, "Review the change for weaknesses that can be exploited", "quality-security")]
    [InlineData(Stage.Quality, "Does it work on all platforms and with data of old versions?", "quality-compatibility")]
    [InlineData(Stage.Integration, "Commit the work", "integration-commit")]
    [InlineData(Stage.Integration, "Tag the release and write the change log", "integration-release")]
    [InlineData(Stage.Integration, "Roll the version out to the staging environment", "integration-deploy")]
    [InlineData(Stage.Planning, "Why do the same failures return?", "planning-analysis")]
    [InlineData(Stage.Planning, "Put the open items in order and say which is first", "planning-priorities")]
    [InlineData(Stage.Planning, "Cut the module into components with clear boundaries", "planning-architecture")]
    [InlineData(Stage.Planning, "The acceptance of the import item is unclear", "planning-requirements")]
    public void Choose_TasksOfOtherStages_GetTheModeThatAPersonWouldName(Stage stage, string task, string slug) =>
        Choose(stage, task).Mode.Slug.Should().Be(slug);

    [Theory]
    [InlineData("Add a CSV export to the report page", "implementation-features")]
    [InlineData("The search is slow with 10,000 documents and needs too much memory", "implementation-performance")]
    public void Choose_WithoutWhenToUse_ChoosesOtherwise(string task, string slug)
    {
        var modes = Of(Stage.Implementation);

        ModeChoice.Choose(task, modes).Mode.Slug.Should().Be(slug);
        ModeChoice
            .Choose(task, [.. modes.Select(mode => mode with { WhenToUse = null, Description = null })])
            .Mode.Slug.Should()
            .NotBe(slug);
    }

    [Fact]
    public void Choose_WhenToUseOfTheWorkspace_Decides() =>
        ModeChoice
            .Choose("Polish the dashboard", [Mode("a", "For parsers."), Mode("b", "Anything about dashboards.")])
            .Mode.Slug.Should()
            .Be("b");

    [Fact]
    public void Choose_PartsOfWords_DoNotCount() =>
        ModeChoice
            .Choose("Add a report", [Mode("a", "Whatever else."), Mode("b", "An address, a port, an addition.")])
            .Mode.Slug.Should()
            .Be("a");

    [Fact]
    public void Choose_WordsThatFewerModesHave_CountMore()
    {
        var choice = ModeChoice.Choose("parse the token", [Mode("a", "parse"), Mode("b", "parse, token"), Mode("c", "nothing")]);

        choice.Mode.Slug.Should().Be("b");
        choice.Why.Should().Be("mode b: it has 'token', 'parse' of the task, score 90; next is a with 30 ('parse')");
    }

    [Fact]
    public void Choose_Equals_TakesTheFirstAndSaysSo() =>
        ModeChoice
            .Choose("parse", [Mode("b", "parse"), Mode("a", "parse")])
            .Should()
            .BeEquivalentTo(
                new
                {
                    Mode = new { Slug = "b" },
                    Why = "mode b: it has 'parse' of the task, score 30; next is a with 30 ('parse'), which is later in the list",
                }
            );

    [Fact]
    public void Choose_NoWord_TakesTheFirstAndSaysSo() =>
        ModeChoice
            .Choose("xyz", [Mode("b", "one"), Mode("a", "two")])
            .Should()
            .BeEquivalentTo(
                new
                {
                    Mode = new { Slug = "b" },
                    Why = "mode b: no word of the task is in what a mode says of itself, so the first of b, a",
                }
            );

    [Fact]
    public void Choose_OnlyOneHasAny_SaysSo() =>
        ModeChoice
            .Choose("parse", [Mode("b", "one"), Mode("a", "parse")])
            .Why.Should()
            .Be("mode a: it has 'parse' of the task, score 60; no other has any");

    [Fact]
    public void Choose_AWordThatIsRepeated_CountsOnce() =>
        ModeChoice
            .Choose("test test tests testing of one parser and a lexer", [Mode("a", "test"), Mode("b", "parser, lexer")])
            .Mode.Slug.Should()
            .Be("b");

    private static ModeChoice Choose(Stage stage, string task) => ModeChoice.Choose(task, Of(stage));

    private static List<Mode> Of(Stage stage) => [.. BuiltInModes.All.Where(mode => mode.Stage == stage)];

    private static Mode Mode(string slug, string whenToUse) =>
        new()
        {
            Slug = slug,
            Name = slug,
            RoleDefinition = "x",
            WhenToUse = whenToUse,
        };
}
