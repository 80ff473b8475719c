using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Memory;
using LoopOrchestrator.Testing;
using Microsoft.Extensions.Time.Testing;

namespace LoopOrchestrator.Core.Tests.Memory;

public sealed class MemoryCompactionTests : IDisposable
{
    private const string Empty = "# Non-Obvious Implementation Patterns\n\n# Development & Debug Commands\n\n# System Updates & Status\n";

    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));

    public void Dispose() => _folder.Dispose();

    private string Archive => Path.Combine(_folder.Paths.MemoryArchive, "archive-2026-03.md");

    [Fact]
    public async Task CompactAsync_Duplicates_AreCountedInTheFirst()
    {
        Write(
            Empty
                + """

                ## [2026-01-02T00:00:00.000Z] [code] - [x]
                - **Finding**: It works
                - **Seen**: 3 times, last 2026-01-05T00:00:00.000Z

                ## [2026-01-03T00:00:00.000Z] [code] - [other]
                - **Finding**: it works

                ## [2026-01-09T00:00:00.000Z] [CODE] - [X] [pinned]
                - **Finding**: it   WORKS

                [2026-01-04T00:00:00.000Z] [code] - [x]: it works

                ## A group
                - a

                ## Another group
                - a

                ## a GROUP
                - a

                ## [2026-01-06T00:00:00.000Z] [code] - [torn]
                ## [2026-01-07T00:00:00.000Z] [code] - [torn]
                """.ReplaceLineEndings("\n")
        );

        var result = await Store().CompactAsync(cancellationToken: Token);

        result.MergedEntries.Should().Be(3);
        (result.LinesBefore - result.Lines).Should().Be(7);
        Read()
            .Should()
            .Be(
                Empty
                    + """

                    ## [2026-01-02T00:00:00.000Z] [code] - [x] [pinned]
                    - **Finding**: It works
                    - **Seen**: 5 times, last 2026-01-09T00:00:00.000Z

                    ## [2026-01-03T00:00:00.000Z] [code] - [other]
                    - **Finding**: it works

                    ## A group
                    - a
                    - **Seen**: 2 times, last 2026-03-04T05:06:07.000Z

                    ## Another group
                    - a

                    ## [2026-01-06T00:00:00.000Z] [code] - [torn]
                    ## [2026-01-07T00:00:00.000Z] [code] - [torn]
                    """.ReplaceLineEndings("\n")
            );
        Directory.Exists(_folder.Paths.MemoryArchive).Should().BeFalse();
    }

    [Theory]
    [InlineData("2025-01-01", 80, 49)]
    [InlineData("2027-01-01", 80, 49)]
    [InlineData("2025-01-01", 0, 100)]
    public async Task CompactAsync_MergeConflict_StaysWholeWhereItIsAndHidesNothingElse(string theirs, int before, int behind)
    {
        var conflict =
            $"<<<<<<< HEAD\n{Entry("2026-01-01", "ours")}\n{Entry("2026-01-01", "number 1")}=======\n{Entry(theirs, "theirs")}>>>>>>> x\n";
        var numbers = Enumerable.Range(1, before + behind).Select(number => Entry("2026-02-01", $"number {number}")).ToList();
        Write(
            $"{Empty}\n{string.Join('\n', numbers.Take(before))}{(before > 0 ? "\n" : "")}{conflict}"
                + string.Join('\n', numbers.Skip(before))
        );

        var store = Store(200);
        var result = await store.CompactAsync(cancellationToken: Token);

        result.Should().Match<MemoryCompaction>(done => done.ArchivedEntries > 0 && done.MergedEntries == 0);
        Read().Should().Contain(conflict);
        (await File.ReadAllTextAsync(Archive, Token)).Should().NotContainAny("<<<<<<<", ">>>>>>>", "theirs", "ours");
        await store.AppendAsync(new MemoryAppend(MemorySection.Updates, "number 0"), Token);
        (await store.ReadAsync(query: "number", cancellationToken: Token)).Sections[2].Entries.Should().HaveCount(before + behind + 1);

        static string Entry(string day, string text) => $"## [{day}T00:00:00.000Z] [code] - [x]\n- **Finding**: {text}\n";
    }

    [Fact]
    public async Task CompactAsync_WhatOnlyAConflictOfTheArchiveHolds_StaysInTheMemory()
    {
        const string Entry = "## [2026-01-01T00:00:00.000Z] [code] - [x]\n- **Finding**: it\n";
        Write($"{Empty}\n{Entry}");
        Directory.CreateDirectory(_folder.Paths.MemoryArchive);
        await File.WriteAllTextAsync(Archive, $"{Empty}\n<<<<<<< HEAD\n{Entry}=======\n>>>>>>> x\n", Token);

        (await Store().CompactAsync(cancellationToken: Token)).FinishedMoves.Should().Be(0);

        Read().Should().Be($"{Empty}\n{Entry}");
    }

    [Fact]
    public async Task CompactAsync_TextsThatOnlyLookTheSame_StayBoth()
    {
        byte[] content = [.. System.Text.Encoding.UTF8.GetBytes(Empty), .. "## g\n- "u8, 0xFE, .. "\n## g\n- "u8, 0xFD, .. "\n"u8];
        await File.WriteAllBytesAsync(_folder.Paths.Memory, content, Token);

        (await Store().CompactAsync(cancellationToken: Token)).MergedEntries.Should().Be(0);

        (await File.ReadAllBytesAsync(_folder.Paths.Memory, Token)).Should().Equal(content);
    }

    [Fact]
    public async Task CompactAsync_TooLittleRoom_MovesTheOldestAndADryRunSaysTheSame()
    {
        var store = Store(100);
        for (var number = 0; number < 18; number++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            await store.AppendAsync(new MemoryAppend(MemorySection.Updates, $"finding {number}\nmore", Pinned: number == 0), Token);
        }

        var before = Read();
        var dry = await store.CompactAsync(50, dryRun: true, Token);
        Read().Should().Be(before);
        File.Exists(Archive).Should().BeFalse();

        var result = await store.CompactAsync(50, cancellationToken: Token);

        result
            .Should()
            .Be(dry)
            .And.Match<MemoryCompaction>(done =>
                done.Lines <= 50 && done.Lines > 46 && done.HasHeadroom && done.ArchiveFile == ".loop/memory/archive-2026-03.md"
            );
        var entries = (await store.ReadAsync(query: "finding", cancellationToken: Token)).Sections[2].Entries;
        entries.Should().HaveCount(18);
        entries
            .Where(static entry => entry.Archived)
            .Select(static entry => entry.Text)
            .Should()
            .Equal(Enumerable.Range(1, result.ArchivedEntries).Select(static number => $"finding {number}\nmore"));
        (await store.CompactAsync(50, cancellationToken: Token))
            .Should()
            .Match<MemoryCompaction>(done => done.ArchivedEntries == 0 && done.Lines == result.Lines);
    }

    [Fact]
    public async Task CompactAsync_HeadroomThatCannotBe_IsSaidAndNothingMovedForIt()
    {
        var store = Store(100);
        await store.AppendAsync(new MemoryAppend(MemorySection.Updates, Filler(80), Pinned: true), Token);
        await store.AppendAsync(new MemoryAppend(MemorySection.Updates, "short"), Token);
        var before = Read();

        (await store.CompactAsync(cancellationToken: Token))
            .Should()
            .Match<MemoryCompaction>(done => !done.HasHeadroom && done.ArchivedEntries == 0);

        Read().Should().Be(before);
    }

    [Fact]
    public async Task CompactAsync_MoveThatWasCutOff_IsFinished()
    {
        var store = Store(100);
        await store.AppendAsync(new MemoryAppend(MemorySection.Updates, "old one\n" + Filler(80)), Token);
        var before = await File.ReadAllBytesAsync(_folder.Paths.Memory, Token);
        await store.AppendAsync(new MemoryAppend(MemorySection.Updates, "new one\n" + Filler(40)), Token);
        var archive = await File.ReadAllBytesAsync(Archive, Token);
        await File.WriteAllBytesAsync(_folder.Paths.Memory, before, Token);

        var result = await store.CompactAsync(0, cancellationToken: Token);

        result.Should().Match<MemoryCompaction>(done => done.FinishedMoves == 1 && done.ArchivedEntries == 0 && done.ArchiveFile == null);
        Read().TrimEnd('\n').Should().Be(Empty.TrimEnd('\n'));
        (await File.ReadAllBytesAsync(Archive, Token)).Should().Equal(archive);
    }

    [Fact]
    public async Task CompactAsync_MissingSections_AreAddedAndAMissingFileIsNot()
    {
        (await Store().CompactAsync(cancellationToken: Token))
            .Should()
            .Be(new MemoryCompaction(0, 0, 0, 0, 0, 0, 0, null, HasHeadroom: true));
        Directory.GetFileSystemEntries(_folder.FullPath).Should().BeEmpty();
        Write("# system updates\n\n- text\n");

        await Store().CompactAsync(cancellationToken: Token);

        Read().Should().Be("# Non-Obvious Implementation Patterns\n\n# Development & Debug Commands\n\n# system updates\n\n- text\n");
    }

    [Fact]
    public async Task CompactAsync_BadInput_IsRefused()
    {
        await Store()
            .Awaiting(static store => store.CompactAsync(91).AsTask())
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("The headroom is 91 percent; it must be from 0 to 90.");
        await Store()
            .Awaiting(static store => store.CompactAsync(-1).AsTask())
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("The headroom is -1 percent; it must be from 0 to 90.");
        await File.WriteAllTextAsync(_folder.Paths.Memory, Empty, System.Text.Encoding.Unicode, Token);
        await Store()
            .Awaiting(static store => store.CompactAsync().AsTask())
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("*UTF-16*");
    }

    private MemoryStore Store(int maxLines = 300) => new(_folder.Paths, _time, new MemoryLimits(maxLines));

    private void Write(string text) => File.WriteAllText(_folder.Paths.Memory, text);

    private string Read() => File.ReadAllText(_folder.Paths.Memory);

    private static string Filler(int lines) => string.Join('\n', Enumerable.Range(1, lines).Select(static line => $"filler {line}"));
}
