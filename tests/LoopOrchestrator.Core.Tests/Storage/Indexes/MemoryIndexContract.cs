using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Memory;

namespace LoopOrchestrator.Core.Tests.Storage.Indexes;

[ContractOf(typeof(IMemoryIndex))]
public abstract class MemoryIndexContract : StorageContract
{
    private readonly IIndexBackend _indexes;

    private protected MemoryIndexContract(IIndexBackend backend)
        : base(backend) => _indexes = backend;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Find_AfterAnyChange_SaysWhatTheFileSays(bool hasStateFolder)
    {
        if (hasStateFolder)
        {
            StateFolder.Ensure(Paths);
        }

        using var index = _indexes.OpenMemoryIndex(Paths);
        Write("the build needs a compiler", "tests run in minutes");
        Find(index, "compiler").Should().ContainSingle().Which.Snippet.Should().Contain("«compiler»");

        Write("tests run in minutes");
        Find(index, "compiler").Should().BeEmpty();
        Find(index, "tests minutes").Should().ContainSingle();
        Find(index, "tests -minutes").Should().BeEmpty();
    }

    private void Write(params string[] texts)
    {
        var entries = texts.Select(static text => $"## [{Start:O}] [code] - [build]\n{text}\n\n");
        File.WriteAllText(Paths.Memory, $"# Memory\n\n# Patterns\n\n{string.Concat(entries)}");
    }

    private static IReadOnlyList<MemoryHit> Find(IMemoryIndex index, string text) =>
        index.Find(MemoryWords.Parse(text), new MemoryQuery(text)).Hits;
}
