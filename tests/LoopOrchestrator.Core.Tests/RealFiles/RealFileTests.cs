using System.Reflection;
using System.Text;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Json;
using LoopOrchestrator.Core.Memory;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Modes.Import;
using LoopOrchestrator.Core.Scheduling.Editing;
using LoopOrchestrator.Core.Scheduling.Reading;
using LoopOrchestrator.Core.Storage.Sqlite.Indexes;
using LoopOrchestrator.Core.Timing;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Core.Todo;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.RealFiles;

/// <summary>
/// Each file of a folder is read, written back, changed and changed back, in four forms: as it is, with CRLF, with a byte order mark,
/// and without its last line end. The folder is that of the fixtures beside this file, or what the variable LOOP_REAL_FILES names
/// (tools/check-real-files sets it).
/// </summary>
public sealed class RealFileTests : IDisposable
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private static readonly string Folder = Environment.GetEnvironmentVariable("LOOP_REAL_FILES")
        ?? Path.Combine(
            typeof(RealFileTests)
                .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
                .Single(static attribute => attribute.Key == "RepositoryRoot")
                .Value!,
            "tests",
            "LoopOrchestrator.Core.Tests",
            "RealFiles",
            "Fixtures"
        );
    private readonly TemporaryFolder _workspace = new();

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (
                var file in Directory
                    .EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
                    .Where(static file => Kind(file) is not null)
                    .Order(StringComparer.Ordinal)
            )
            {
                foreach (var form in (string[])["as it is", "CRLF", "byte order mark", "no last line end"])
                {
                    cases.Add(Path.GetRelativePath(Folder, file), form);
                }
            }

            return cases;
        }
    }

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task File_ReadWrittenAndChanged_KeepsEveryOtherByte(string file, string form)
    {
        var bytes = InForm(await File.ReadAllBytesAsync(Path.Combine(Folder, file), Token), form);
        switch (Kind(file))
        {
            case "schedules":
                Schedules(bytes, file);
                break;
            case "time":
                await TimeAsync(bytes, file);
                break;
            case "memory":
                await MemoryAsync(bytes);
                break;
            case "plan":
                await PlanAsync(bytes);
                break;
            default:
                Modes(bytes, file);
                break;
        }
    }

    // A flag turned and turned back leaves only the moment of the edit; without a flag, a name.
    private static void Schedules(byte[] bytes, string file)
    {
        JsonText.Read(bytes, file, JsonDialect.WithComments).Bytes.ToArray().Should().Equal(bytes);
        var set = ScheduleFile.Read(bytes, file, TimeZoneInfo.Utc);
        var editor = new ScheduleFileEditor(
            file,
            new ModeCatalog(),
            TimeZoneInfo.Utc,
            new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero)
        );
        foreach (var schedule in set.Schedules)
        {
            editor
                .Save(bytes, new ScheduleEdit { Id = schedule.Id, Name = schedule.Name })
                .Content.Should()
                .BeNull("nothing is changed that says it already");
            var (changed, saved) = editor.Save(bytes, new ScheduleEdit { Id = schedule.Id, Name = schedule.Name + " (other)" });
            saved.Changed.Should().Contain("name");
            Differences(bytes, changed!).Should().BeLessThan(3, "the name and the moment of the edit are two places");
        }

        set.Diagnostics.Where(static diagnostic => diagnostic.Line is null).Should().BeEmpty();
    }

    private async Task TimeAsync(byte[] bytes, string file)
    {
        var before = TimingLogReader.Parse(bytes, file);
        (before.Entries.Count + before.Headers + before.BlankLines + before.NotUnderstood)
            .Should()
            .Be(Lines(bytes), "every line is in one count");
        before.Diagnostics.Where(static diagnostic => diagnostic.Line is null).Should().BeEmpty();
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            return;
        }

        await File.WriteAllBytesAsync(_workspace.Paths.Timing, bytes, Token);
        using var log = SqliteIndexes.TimingLog(_workspace.Paths, TimeProvider.System);
        var started = await log.StartAsync(new TimingStart("one\tmore\nrow", "code"), Token);
        await log.StopAsync(new TimingStop(started.TaskId), Token);

        var after = await File.ReadAllBytesAsync(_workspace.Paths.Timing, Token);
        after.AsSpan(0, bytes.Length).SequenceEqual(bytes).Should().BeTrue("rows are only ever appended");
        TimingLogReader
            .Parse(after, file)
            .Entries.TakeLast(2)
            .Should()
            .OnlyContain(row => row.TaskId == started.TaskId && row.Task == "one\tmore\nrow");
    }

    private async Task MemoryAsync(byte[] bytes)
    {
        MemoryDocument.Parse(bytes).ToBytes().Should().Equal(bytes);
        await File.WriteAllBytesAsync(_workspace.Paths.Memory, bytes, Token);
        var store = new MemoryStore(_workspace.Paths, TimeProvider.System, new MemoryLimits(1000, 1024 * 1024));
        await store.AppendAsync(new MemoryAppend(MemorySection.Commands, "# Looks like\na heading"), Token);

        var after = await File.ReadAllBytesAsync(_workspace.Paths.Memory, Token);
        Differences(bytes, after).Should().BeLessThan(2, "an entry is one place");
        (await store.ReadAsync(MemorySection.Commands, cancellationToken: Token))
            .Sections[0]
            .Entries[^1]
            .Text.Should()
            .Be("# Looks like\na heading");
    }

    private async Task PlanAsync(byte[] bytes)
    {
        var document = TodoDocument.Parse(bytes, "TODO.md");
        document.ToBytes().Should().Equal(bytes);
        await File.WriteAllBytesAsync(_workspace.Paths.Todo, bytes, Token);
        var store = new TodoStore(_workspace.Paths, TimeProvider.System);
        foreach (var item in document.Items)
        {
            await store.TickAsync(item.Id, !item.IsCompleted, Token);
            var ticked = await File.ReadAllBytesAsync(_workspace.Paths.Todo, Token);
            ticked.Zip(bytes).Count(static pair => pair.First != pair.Second).Should().Be(1, "a tick is one character");
            await store.TickAsync(item.Id, item.IsCompleted, Token);
            Unify(await File.ReadAllBytesAsync(_workspace.Paths.Todo, Token)).Should().Equal(Unify(bytes));
            await File.WriteAllBytesAsync(_workspace.Paths.Todo, bytes, Token);
        }

        await store.AddAsync([new NewTodo("One more thing", null, null)], Token);
        Differences(bytes, await File.ReadAllBytesAsync(_workspace.Paths.Todo, Token)).Should().Be(1);
    }

    private static void Modes(byte[] bytes, string file)
    {
        var before = RooModesFile.Read(bytes, file);
        before
            .Diagnostics.Where(static diagnostic => diagnostic.Line is null && diagnostic.Severity == DiagnosticSeverity.Error)
            .Should()
            .BeEmpty();
        try
        {
            var added = RooModesFile
                .Read(
                    "customModes:\n  - slug: one-more\n    name: One more\n    roleDefinition: You add.\n    groups: [read]\n"u8.ToArray(),
                    "added"
                )
                .Modes;
            var (content, _) = RooModesMerge.Merge(bytes, [.. added], replace: false, file);
            RooModesFile
                .Read(content!, file)
                .Modes.Select(static mode => mode.Slug)
                .Should()
                .Equal([.. before.Modes.Select(static mode => mode.Slug), "one-more"]);
            Differences(bytes, content!).Should().BeLessThan(2);
        }
        catch (UserErrorException exception)
        {
            // A file that is broken is not written to, and the caller is told where it is.
            exception.Message.Should().Contain(Path.GetFileName(file));
            before.Diagnostics.Should().Contain(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        }
    }

    private static string? Kind(string file) =>
        Path.GetFileName(file) switch
        {
            var name
                when name.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
                    && file.Contains("schedule", StringComparison.OrdinalIgnoreCase) => "schedules",
            var name when name.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) => "time",
            var name
                when name.EndsWith(".md", StringComparison.OrdinalIgnoreCase)
                    && name.Contains("memory", StringComparison.OrdinalIgnoreCase) => "memory",
            var name
                when name.StartsWith("todo", StringComparison.OrdinalIgnoreCase)
                    && name.EndsWith(".md", StringComparison.OrdinalIgnoreCase) => "plan",
            var name when name.EndsWith("roomodes", StringComparison.OrdinalIgnoreCase) => "modes",
            _ => null,
        };

    private static byte[] InForm(byte[] bytes, string form) =>
        form switch
        {
            "CRLF" => Encoding.Latin1.GetBytes(
                Encoding
                    .Latin1.GetString(bytes)
                    .Replace("\r\n", "\n", StringComparison.Ordinal)
                    .Replace("\n", "\r\n", StringComparison.Ordinal)
            ),
            "byte order mark" => bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes : [0xEF, 0xBB, 0xBF, .. bytes],
            "no last line end" => bytes.AsSpan().TrimEnd("\r\n"u8).ToArray(),
            _ => bytes,
        };

    // An x and an X both tick: which one stood there is not kept when it was taken away.
    private static byte[] Unify(byte[] bytes) =>
        Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(bytes).Replace("[X]", "[x]", StringComparison.Ordinal));

    private static int Lines(byte[] bytes) => bytes.Length == 0 ? 0 : bytes.Count(static one => one == '\n') + (bytes[^1] == '\n' ? 0 : 1);

    /// <summary>How many separate runs of lines the new content has that the old one has not, or the other way round.</summary>
    private static int Differences(byte[] old, byte[] current)
    {
        var (left, right) = (Encoding.Latin1.GetString(old).Split('\n'), Encoding.Latin1.GetString(current).Split('\n'));
        var (one, other, places) = (0, 0, 0);
        while (one < left.Length || other < right.Length)
        {
            if (one < left.Length && other < right.Length && left[one] == right[other])
            {
                one++;
                other++;
                continue;
            }

            places++;
            (one, other) = NextSame(left, one, right, other);
        }

        return places;
    }

    // The nearest place from which at least two lines, or all that are left, are the same again.
    private static (int One, int Other) NextSame(string[] left, int one, string[] right, int other)
    {
        for (var distance = 1; distance <= (left.Length - one) + (right.Length - other); distance++)
        {
            for (var skipped = 0; skipped <= distance; skipped++)
            {
                var (next, beside) = (one + skipped, other + distance - skipped);
                if (
                    next <= left.Length
                    && beside <= right.Length
                    && left.AsSpan(next).StartsWith(right.AsSpan(beside, Math.Min(2, right.Length - beside)))
                    && (right.Length - beside >= 2 || left.Length - next == right.Length - beside)
                )
                {
                    return (next, beside);
                }
            }
        }

        return (left.Length, right.Length);
    }
}
