using System.Text;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Files;

public sealed class CachedFileTests : IDisposable
{
    private const long MaxBytes = 1000;

    private readonly TemporaryFolder _folder = new();
    private readonly CachedFile<string> _file;
    private int _parsed;

    public CachedFileTests() => _file = new([new(_folder.Paths, First, MaxBytes), new(_folder.Paths, Second, MaxBytes)], (path, content) =>
        {
            Interlocked.Increment(ref _parsed);
            var text = content is null ? "none" : Encoding.UTF8.GetString(content);
            return ($"{Path.GetFileName(path)}: {text}", !text.StartsWith("broken", StringComparison.Ordinal));
        });

    private string First => _folder.File("first");

    private string Second => _folder.File("second");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Current_NoFile_IsTheMeaningOfNone() => _file.Current.Should().Be(("first: none", "first: none", (string?)null));

    [Fact]
    public void Current_Unchanged_IsReadOnce()
    {
        File.WriteAllText(First, "a");

        Parallel.For(0, 100, _ => _file.Current.InForce.Should().Be("first: a"));

        _parsed.Should().Be(1);
    }

    [Fact]
    public void Current_Changed_IsReadAgain()
    {
        Write(First, "a", 1);
        _file.Current.InForce.Should().Be("first: a");
        Write(First, "b", 2);
        _file.Current.InForce.Should().Be("first: b");
        Write(First, "longer", 2);
        _file.Current.InForce.Should().Be("first: longer");
    }

    [Fact]
    public void Current_Broken_KeepsTheLastGoodAndShowsTheLatest()
    {
        Write(First, "a", 1);
        _ = _file.Current;
        Write(First, "broken", 2);

        _file.Current.Should().Be(("first: a", "first: broken", (string?)null));

        Write(First, "mended", 3);
        _file.Current.Should().Be(("first: mended", "first: mended", (string?)null));
    }

    [Fact]
    public void Current_BrokenFromTheStart_IsInForce()
    {
        Write(First, "broken", 1);

        _file.Current.InForce.Should().Be("first: broken");
    }

    [Fact]
    public void Current_UnreadableThenBack_TellsTheErrorAndRecovers()
    {
        Write(First, "a", 1);
        _ = _file.Current;
        File.Move(First, First + ".away");
        Directory.CreateDirectory(First);

        _file.Current.InForce.Should().Be("first: a");
        _file.Current.ReadError.Should().NotBeNull();

        Directory.Delete(First);
        File.Move(First + ".away", First);
        _file.Current.Should().Be(("first: a", "first: a", (string?)null), "though the very same file came back");
    }

    [Fact]
    public void Current_UnreadableFromTheStart_IsNoneWithTheError()
    {
        Directory.CreateDirectory(First);

        var (inForce, latest, error) = _file.Current;

        (inForce, latest).Should().Be(("first: none", "first: none"));
        error.Should().NotBeNull();
    }

    [Fact]
    public void Current_Deleted_IsTheNextCandidateThenNone()
    {
        Write(First, "a", 1);
        Write(Second, "b", 1);
        _file.Current.InForce.Should().Be("first: a");
        File.Delete(First);
        _file.Current.InForce.Should().Be("second: b");
        _file.FilePath.Should().Be(Second);
        File.Delete(Second);
        _file.Current.InForce.Should().Be("first: none");
    }

    // With a time of its own: two writes within one tick of the file system's clock could not be told apart.
    private static void Write(string path, string content, int day)
    {
        File.WriteAllText(path, content);
        File.SetLastWriteTimeUtc(path, new DateTime(2026, 1, day, 0, 0, 0, DateTimeKind.Utc));
    }
}
