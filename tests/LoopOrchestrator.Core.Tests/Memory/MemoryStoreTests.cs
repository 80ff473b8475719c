using CsCheck;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Memory;
using LoopOrchestrator.Testing;
using Microsoft.Extensions.Time.Testing;

namespace LoopOrchestrator.Core.Tests.Memory;

public sealed class MemoryStoreTests : IDisposable
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));

    public void Dispose() => _folder.Dispose();

    private string Memory => _folder.Paths.Memory;

    private string Archive => Path.Combine(_folder.Paths.MemoryArchive, "archive-2026-03.md");

    [Fact]
    public async Task AppendAsync_NewFile_HasThreeSectionsAndTheEntryInItsOwn()
    {
        var result = await Store()
            .AppendAsync(new MemoryAppend(MemorySection.Commands, "run it\nso: # twice", "howto", "code", Pinned: true), Token);

        (await File.ReadAllTextAsync(Memory, Token))
            .Should()
            .Be(
                "# Non-Obvious Implementation Patterns\n\n# Development & Debug Commands\n\n"
                    + "## [2026-03-04T05:06:07.000Z] [code] - [howto] [pinned]\n- **Finding**: run it\n  so: # twice\n\n# "
                    + "System Updates & Status\n"
            );
        result.Should().Be(new MemoryAppendResult(9, 300, (int)new FileInfo(Memory).Length, 0, null, IsDuplicate: false, 1, 5));
    }

    [Fact]
    public async Task AppendAsync_AnyContent_ComesBackAsItWas()
    {
        string[] words =
        [
            "#",
            "# System Updates & Status",
            "## [2026-01-01T00:00:00.000Z] [a] - [b]",
            "```",
            "~~~",
            "\\#",
            "\\\\# x",
            "---",
            "===",
            "\n",
            "\r\n",
            "\n\n",
            "  ",
            "\t",
            "\0",
            "\u2409",
            "\u2426",
            "é🔧",
            "- **Finding**: x",
            "- **Seen**: 3 times, last 2026-01-01T00:00:00.000Z",
            "[2026-01-01T00:00:00.000Z] [a] - [b]: c",
            "text",
            "\uD800",
        ];
        var content = Gen.Int[0, words.Length - 1]
            .Select(index => words[index])
            .Array[1, 12]
            .Select(string.Concat)
            .Where(text => !string.IsNullOrWhiteSpace(text));
        var number = 0;
        foreach (var text in FixedSample.Of(content, 100))
        {
            // Words of their own around it, so that no two are duplicates.
            var given = $"{++number} {text}\n{text} end";
            var store = Store();
            var result = await store.AppendAsync(new MemoryAppend(MemorySection.Updates, given, Pinned: false), Token);
            result.IsDuplicate.Should().BeFalse();
            var updates = (await store.ReadAsync(MemorySection.Updates, cancellationToken: Token))
                .Sections.Should()
                .ContainSingle()
                .Subject;
            updates.Entries[^1].Text.Should().Be(given.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\uD800', '\uFFFD'));
        }
    }

    [Fact]
    public async Task AppendAsync_SameContentAgain_IsCountedOnce()
    {
        var store = Store();
        await store.AppendAsync(new MemoryAppend(MemorySection.Updates, "It  works\nwell"), Token);
        await store.AppendAsync(new MemoryAppend(MemorySection.Patterns, "it works well"), Token);
        _time.Advance(TimeSpan.FromDays(1));

        var second = await store.AppendAsync(new MemoryAppend(MemorySection.Updates, "it works well"), Token);
        var third = await store.AppendAsync(new MemoryAppend(MemorySection.Updates, "It works\nWELL", Pinned: true), Token);

        second.Should().Match<MemoryAppendResult>(result => result.IsDuplicate && result.Seen == 2);
        third.Should().Match<MemoryAppendResult>(result => result.IsDuplicate && result.Seen == 3);
        var reading = await store.ReadAsync(cancellationToken: Token);
        reading
            .Sections.SelectMany(section => section.Entries)
            .Select(entry => (entry.Section, entry.Text, entry.Seen, entry.Pinned))
            .Should()
            .Equal((MemorySection.Patterns, "it works well", 1, false), (MemorySection.Updates, "It  works\nwell", 3, true));
        (await File.ReadAllTextAsync(Memory, Token)).Should().Contain("- **Seen**: 3 times, last 2026-03-05T05:06:07.000Z\n");
    }

    [Fact]
    public async Task AppendAsync_SameMomentAgain_IsNotCountedAgain()
    {
        var first = _time.GetUtcNow();
        var store = Store();
        await store.AppendAsync(new MemoryAppend(MemorySection.Updates, "it works", FoundAt: first), Token);
        var again = await store.AppendAsync(new MemoryAppend(MemorySection.Updates, "it works", FoundAt: first), Token);
        var later = await store.AppendAsync(new MemoryAppend(MemorySection.Updates, "it works", FoundAt: first.AddHours(1)), Token);
        var before = await File.ReadAllBytesAsync(Memory, Token);
        var laterAgain = await store.AppendAsync(new MemoryAppend(MemorySection.Updates, "it works", FoundAt: first.AddHours(1)), Token);
        var firstAgain = await store.AppendAsync(new MemoryAppend(MemorySection.Updates, "it works", FoundAt: first), Token);

        new[] { again, later, laterAgain, firstAgain }
            .Select(result => (result.Seen, result.IsDuplicate))
            .Should()
            .Equal((1, true), (2, true), (2, true), (2, true));
        (await File.ReadAllBytesAsync(Memory, Token)).Should().Equal(before);
    }

    [Fact]
    public async Task AppendAsync_ManyInstances_KeepsEveryEntry()
    {
        await Task.WhenAll(
            Enumerable
                .Range(0, 60)
                .Select(number =>
                    Task.Run(
                        async () => await Store().AppendAsync(new MemoryAppend((MemorySection)(number % 3), $"finding {number}"), Token),
                        Token
                    )
                )
        );

        var reading = await Store().ReadAsync(cancellationToken: Token);
        reading
            .Sections.SelectMany(section => section.Entries)
            .Select(entry => entry.Text)
            .Should()
            .BeEquivalentTo(Enumerable.Range(0, 60).Select(number => $"finding {number}"));
    }

    [Fact]
    public async Task AppendAsync_AtTheLineLimit_MovesTheOldestWholeAndNeverPinnedOnes()
    {
        var store = Store(new MemoryLimits(100));
        await store.AppendAsync(new MemoryAppend(MemorySection.Updates, "pinned\nfinding", Pinned: true), Token);
        var moved = 0;
        for (var number = 0; number < 60; number++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            var result = await store.AppendAsync(new MemoryAppend((MemorySection)(number % 3), $"finding {number}\nmore"), Token);
            result.Lines.Should().BeLessThanOrEqualTo(100);
            result.ArchiveFile.Should().Be(result.ArchivedEntries == 0 ? null : ".loop/memory/archive-2026-03.md");
            moved += result.ArchivedEntries;
        }

        var live = await store.ReadAsync(cancellationToken: Token);
        var liveTexts = live.Sections.SelectMany(section => section.Entries).Select(entry => entry.Text).ToList();
        liveTexts
            .Should()
            .Contain("pinned\nfinding")
            .And.Contain("finding 59\nmore")
            .And.NotContain("finding 0\nmore")
            .And.HaveCount(61 - moved);
        live.Headroom.Should().Be(100 - live.Lines);
        var all = await store.ReadAsync(query: "FINDING", cancellationToken: Token);
        all.Sections.SelectMany(section => section.Entries).Should().HaveCount(61);
        var archived = all.Sections.SelectMany(section => section.Entries).Where(entry => entry.Archived).ToList();
        archived
            .Select(entry => entry.Text)
            .Should()
            .BeEquivalentTo(Enumerable.Range(0, moved).Select(number => $"finding {number}\nmore"));
        archived.Should().OnlyContain(entry => entry.File == ".loop/memory/archive-2026-03.md");
    }

    [Fact]
    public async Task AppendAsync_AtTheByteLimit_MovesEntries()
    {
        var store = Store(new MemoryLimits(maxBytes: MemoryLimits.MinByteLimit));
        for (var number = 0; number < 5; number++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            (await store.AppendAsync(new MemoryAppend(MemorySection.Updates, $"{number}{new string('x', 5000)}"), Token))
                .Bytes.Should()
                .BeLessThanOrEqualTo(MemoryLimits.MinByteLimit);
        }

        File.Exists(Archive).Should().BeTrue();
    }

    [Fact]
    public async Task AppendAsync_GroupsOfPeople_AreMovedLastAndTheirSectionsLast()
    {
        await File.WriteAllTextAsync(
            Memory,
            "# Patterns\n## Human\n- a\n# Commands\n# Updates\n## Log\n- b\n## [2026-01-01T00:00:00.000Z] [code] - [x]\n- c\n" + Filler(80),
            Token
        );
        var store = Store(new MemoryLimits(100));

        await store.AppendAsync(new MemoryAppend(MemorySection.Updates, Filler(20)), Token);
        (await File.ReadAllTextAsync(Memory, Token)).Should().Contain("## Human").And.Contain("## Log").And.NotContain("[x]");
        await store.AppendAsync(new MemoryAppend(MemorySection.Updates, Filler(92), Pinned: true), Token);

        (await File.ReadAllTextAsync(Memory, Token)).Should().Contain("## Human").And.NotContain("## Log");
    }

    [Fact]
    public async Task AppendAsync_NothingMayMove_IsRefusedAndKeepsTheFile()
    {
        var store = Store(new MemoryLimits(100));
        await store.AppendAsync(new MemoryAppend(MemorySection.Updates, Filler(80), Pinned: true), Token);
        var before = await File.ReadAllBytesAsync(Memory, Token);

        await store
            .Awaiting(one => one.AppendAsync(new MemoryAppend(MemorySection.Updates, Filler(40)), Token).AsTask())
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("*raise the limit*");

        (await File.ReadAllBytesAsync(Memory, Token)).Should().Equal(before);
        File.Exists(Archive).Should().BeFalse();
    }

    [Fact]
    public async Task AppendAsync_ArchiveCannotBeWritten_IsRefusedAndKeepsTheFile()
    {
        var store = Store(new MemoryLimits(100));
        await store.AppendAsync(new MemoryAppend(MemorySection.Updates, Filler(80)), Token);
        var before = await File.ReadAllBytesAsync(Memory, Token);
        Directory.CreateDirectory(Archive);

        await store
            .Awaiting(one => one.AppendAsync(new MemoryAppend(MemorySection.Updates, Filler(40)), Token).AsTask())
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("*archive-2026-03.md*");

        (await File.ReadAllBytesAsync(Memory, Token)).Should().Equal(before);
    }

    [Fact]
    public async Task AppendAsync_DiedBetweenArchiveAndMemory_MovesNothingTwice()
    {
        var store = Store(new MemoryLimits(100));
        await store.AppendAsync(new MemoryAppend(MemorySection.Updates, "old one\n" + Filler(80)), Token);
        var before = await File.ReadAllBytesAsync(Memory, Token);
        await store.AppendAsync(new MemoryAppend(MemorySection.Updates, "new one\n" + Filler(40)), Token);
        var archive = await File.ReadAllBytesAsync(Archive, Token);
        await File.WriteAllBytesAsync(Memory, before, Token);

        (await store.ReadAsync(query: "old one", cancellationToken: Token))
            .Sections.SelectMany(section => section.Entries)
            .Should()
            .ContainSingle();
        await store.AppendAsync(new MemoryAppend(MemorySection.Updates, "new one\n" + Filler(40)), Token);

        (await File.ReadAllBytesAsync(Archive, Token)).Should().Equal(archive);
    }

    [Fact]
    public async Task AppendAsync_BadInput_IsRefusedWithTheReason()
    {
        (MemoryAppend Append, string Message)[] bad =
        [
            (new(MemorySection.Updates, " \n"), "content is empty*"),
            (new(MemorySection.Updates, new string('é', 4097)), "content has 8194 bytes and an entry at most 8192; nothing was added*"),
            (new(MemorySection.Updates, "x", "a]b"), "category must be a word or a few*"),
            (new(MemorySection.Updates, "x", "a\nb"), "category must be a word or a few*"),
            (new(MemorySection.Updates, "x", Mode: "not a slug"), "mode \"not a slug\" is no slug*"),
        ];
        foreach (var (append, message) in bad)
        {
            await Store()
                .Awaiting(store => store.AppendAsync(append, Token).AsTask())
                .Should()
                .ThrowAsync<UserErrorException>()
                .WithMessage(message);
        }

        File.Exists(Memory).Should().BeFalse();
    }

    [Fact]
    public void Limits_OutOfRange_AreRefusedWithTheRange()
    {
        FluentActions
            .Invoking(() => new MemoryLimits(99))
            .Should()
            .Throw<UserErrorException>()
            .WithMessage("*line limit is 99; it must be from 100 to 1000.");
        FluentActions
            .Invoking(() => new MemoryLimits(1001))
            .Should()
            .Throw<UserErrorException>()
            .WithMessage("*line limit is 1001; it must be from 100 to 1000.");
        FluentActions
            .Invoking(() => new MemoryLimits(maxBytes: 1))
            .Should()
            .Throw<UserErrorException>()
            .WithMessage("*byte limit is 1; it must be from*");
    }

    [Fact]
    public async Task AppendAsync_Utf16File_IsReadAndNotWritten()
    {
        await File.WriteAllTextAsync(Memory, "# Updates\n## Group\n- text\n", System.Text.Encoding.Unicode, Token);
        var before = await File.ReadAllBytesAsync(Memory, Token);

        (await Store().ReadAsync(cancellationToken: Token))
            .Sections[2]
            .Entries.Should()
            .ContainSingle()
            .Which.Category.Should()
            .Be("Group");
        await Store()
            .Awaiting(store => store.AppendAsync(new MemoryAppend(MemorySection.Updates, "x"), Token).AsTask())
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("*UTF-16*");

        (await File.ReadAllBytesAsync(Memory, Token)).Should().Equal(before);
    }

    [Fact]
    public async Task ReadAsync_Query_NeedsAllWordsInAnyCase()
    {
        var store = Store();
        await store.AppendAsync(new MemoryAppend(MemorySection.Updates, "Port is in use", "network", "debug"), Token);
        await store.AppendAsync(new MemoryAppend(MemorySection.Commands, "Port it", "other"), Token);

        (await store.ReadAsync(query: "port NETWORK debug", cancellationToken: Token))
            .Sections.Select(section => section.Entries.Count)
            .Should()
            .Equal(0, 0, 1);
        (await store.ReadAsync(MemorySection.Commands, "port", Token))
            .Sections.Should()
            .ContainSingle()
            .Which.Entries.Should()
            .ContainSingle();
        (await store.ReadAsync(query: "nothing of it", cancellationToken: Token))
            .Sections.Should()
            .OnlyContain(section => section.Entries.Count == 0);
    }

    private MemoryStore Store(MemoryLimits? limits = null) => new(_folder.Paths, _time, limits);

    private static string Filler(int lines) => string.Join('\n', Enumerable.Range(1, lines).Select(line => $"filler {line}"));
}
