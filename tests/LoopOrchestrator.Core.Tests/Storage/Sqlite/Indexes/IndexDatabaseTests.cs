using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using LoopOrchestrator.Core.Storage.Sqlite.Indexes;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Storage.Sqlite.Indexes;

public sealed class IndexDatabaseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Enter_InOneProcess_IsFoundInTheOther()
    {
        using var first = New();
        using var second = New();

        Enter(first, "a");
        Enter(second, "b");

        Words(first).Should().Equal("a", "b");
    }

    [Theory]
    [InlineData(
        "garbage that is no database, longer than the header of one: "
            + "......................................................................................"
    )]
    [InlineData("")]
    public void Index_Damaged_IsLeftWhereItIsAndANewOneTaken(string content)
    {
        using (var first = New())
        {
            Enter(first, "a");
        }

        var damaged = Directory.GetFiles(_folder.Paths.Index, "*.db").Single();
        Directory.GetFiles(_folder.Paths.Index, "*.db-*").ToList().ForEach(File.Delete);
        File.WriteAllText(damaged, content);

        using var second = New();
        Words(second).Should().BeEmpty();
        Enter(second, "b");
        using var third = New();
        Words(third).Should().Equal("b");
        if (content.Length > 0)
        {
            File.ReadAllText(damaged).Should().Be(content);
        }
    }

    [Fact]
    public void Damage_ShowsWhileItIsOpen_IsOvercome()
    {
        using var index = New();
        Enter(index, "a");
        index.Use(connection => connection.Execute("DROP TABLE words"));

        Enter(index, "b");

        Words(index).Should().Equal("b");
    }

    [Fact]
    public void Folder_CannotBeMade_IsToldApartFromOtherErrors()
    {
        using var index = New();
        File.WriteAllText(_folder.Paths.State, "a file where the folder should be");

        FluentActions
            .Invoking(() => Enter(index, "a"))
            .Should()
            .Throw<IndexUnavailableException>()
            .WithMessage("The index .loop/*cannot be used: *");
        File.Delete(_folder.Paths.State);

        Enter(index, "b");
        Words(index).Should().Equal("b");
    }

    [Fact]
    public void Schema_OfEachVersion_HasAFileOfItsOwn()
    {
        using var old = New();
        Enter(old, "a");
        using var index = new IndexDatabase(_folder.Paths, "test", 2, "CREATE TABLE IF NOT EXISTS words (word TEXT NOT NULL)");

        Words(index).Should().BeEmpty();
        Words(old).Should().Equal("a");
    }

    private IndexDatabase New() => new(_folder.Paths, "test", 1, "CREATE TABLE IF NOT EXISTS words (word TEXT NOT NULL)");

    private static void Enter(IndexDatabase index, string word) =>
        index.Use(connection => connection.Execute("INSERT INTO words VALUES ($word)", ("$word", word)));

    private static List<string> Words(IndexDatabase index) =>
        index.Use(connection => connection.Query("SELECT word FROM words ORDER BY word", static reader => reader.GetString(0)));
}
