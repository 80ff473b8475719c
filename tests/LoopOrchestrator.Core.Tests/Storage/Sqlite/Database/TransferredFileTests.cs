using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Storage;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using LoopOrchestrator.Testing;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Tests.Storage.Sqlite.Database;

/// <summary>Databases that an import may be given.</summary>
public sealed class TransferredFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly IStorage _storage;

    public TransferredFileTests() => _storage = new SqliteBackend().Open(_folder.Paths, TimeProvider.System);

    private string File => _folder.File("come.db");

    public void Dispose()
    {
        _storage.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Prepare_OfAnEarlierVersion_BringsItUpToDate()
    {
        Make(connection =>
        {
            SchemaMigrations.Apply(connection, 6);
            connection.Execute("INSERT INTO sessions (identity, started_at) VALUES ('a', 1)");
        });

        _storage.Transfer.Prepare(File).Should().Be(new TransferredState(0, 0, 0));

        using var connection = Open();
        connection.Scalar("PRAGMA user_version").Should().Be(SchemaMigrations.Newest);
    }

    [Fact]
    public void Prepare_OfANewerVersion_IsRefused()
    {
        Make(connection =>
        {
            SchemaMigrations.Apply(connection);
            connection.Execute("PRAGMA user_version = 999");
        });

        Refused("*newer version*");
    }

    [Fact]
    public void Prepare_OfAnotherProgramsDatabase_IsRefusedAndLeftAsItIs()
    {
        Make(static connection =>
        {
            connection.Execute("PRAGMA application_id = 7");
            connection.Execute("CREATE TABLE runs (a)");
        });
        var before = System.IO.File.ReadAllBytes(File);

        Refused("*not this program's*");

        System.IO.File.ReadAllBytes(File).Should().Equal(before);
    }

    [Fact]
    public void Prepare_OfADamagedOne_IsRefused()
    {
        Make(SchemaMigrations.Apply);
        var bytes = System.IO.File.ReadAllBytes(File);
        bytes.AsSpan(4096).Fill(0xFF);
        System.IO.File.WriteAllBytes(File, bytes);

        Refused("*cannot be used*Nothing was changed*");
    }

    private void Refused(string message) =>
        FluentActions.Invoking(() => _storage.Transfer.Prepare(File)).Should().Throw<UserErrorException>().WithMessage(message);

    private void Make(Action<SqliteConnection> fill)
    {
        using var connection = Open();
        fill(connection);
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        return connection;
    }
}
