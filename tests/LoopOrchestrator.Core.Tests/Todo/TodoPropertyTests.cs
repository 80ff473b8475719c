using System.Text;
using CsCheck;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Todo;
using LoopOrchestrator.Testing;
using Microsoft.Extensions.Time.Testing;

namespace LoopOrchestrator.Core.Tests.Todo;

/// <summary>What holds for every plan.</summary>
[Collection(MeasuredAllocations.Name)]
public sealed class TodoPropertyTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    private static readonly string[] Pieces =
    [
        "# Title",
        "## Part",
        "### Deep",
        "- [ ] item",
        "- [x] **Bold**: item",
        "* [X] star",
        "1. [ ] numbered",
        "  - [ ] nested",
        "\t- [x] tabbed",
        "  - **Key**: note",
        "\t- **Key**: note",
        "    deep text",
        "text at the margin",
        "- plain",
        "  - plain below",
        "",
        "",
        "```",
        "~~~",
        "  ```",
        "---",
        "<!-- comment",
        "-->",
        "\u00A0- [ ] no item",
        "- [ ]",
        "- [ ] \uFEFFmark",
        "0. [ ] zero",
    ];

    private static readonly Gen<byte[]> AnyPlan = Gen.Select(
            FixedSample.OneOf(Pieces).Array[0, 30],
            FixedSample.OneOf("\n", "\r\n"),
            Gen.Bool,
            Gen.Bool,
            Gen.Byte.Where(static one => one != 10).Array[0, 3]
        )
        .Select(
            static (lines, end, isWhole, marked, noise) =>
                (byte[])
                    [
                        .. marked ? "\uFEFF"u8.ToArray() : [],
                        .. Encoding.UTF8.GetBytes(
                            string.Join(end, lines.Select(static (line, index) => line.Length < 4 ? line : $"{line} {index}"))
                        ),
                        .. noise.AsSpan(0, lines.Length > 0 ? noise.Length : 0),
                        .. isWhole ? Encoding.UTF8.GetBytes(end) : [],
                    ]
        );

    [Fact]
    public Task EveryEdit_OfSomePlans_ChangesOnlyWhatIsMeant() => EditAsync(80, seed: 3);

    [Fact(Explicit = true)]
    [Trait("kind", "soak")]
    public Task Edit_OfAnyKind_ChangesOnlyWhatIsMeant() => EditAsync(2000, Seeds.Draw());

    private static async Task EditAsync(int plans, int seed)
    {
        using var folder = new TemporaryFolder();
        var store = new TodoStore(folder.Paths, new FakeTimeProvider());
        var samples = Gen.Select(AnyPlan, Gen.Int[0, 1000], FixedSample.OneOf("Part 1", "Title 0", "Somewhere else", null!));
        for (var index = 0; index < plans; index++)
        {
            var (plan, pick, section) = samples.Generate(new PCG((uint)seed, (ulong)index), null, out _);
            await File.WriteAllBytesAsync(folder.Paths.Todo, plan, Token);
            var items = TodoDocument.Parse(plan, "f").Items;
            var because = $"plan {index} of seed {seed}: {Encoding.UTF8.GetString(plan)}";
            if (items.Count > 0)
            {
                var item = items[pick % items.Count];
                (await store.TickAsync(item.Id, !item.IsCompleted, Token))
                    .Item.Should()
                    .BeEquivalentTo(item with { IsCompleted = !item.IsCompleted }, because);
                var ticked = await File.ReadAllBytesAsync(folder.Paths.Todo, Token);
                ticked.Zip(plan).Count(static pair => pair.First != pair.Second).Should().Be(1, because);
                ticked.Should().HaveSameCount(plan, because);

                (await store.NoteAsync(item.Id, "THE NOTE", Token))
                    .Item.Notes.Where(static note => note.Text == "THE NOTE")
                    .Should()
                    .ContainSingle(because);

                // But for the line end that the last line may have needed.
                Without(await File.ReadAllBytesAsync(folder.Paths.Todo, Token), "THE NOTE")
                    .SkipLast(ticked[^1] == '\n' || !Noted(folder) ? 0 : 1)
                    .Should()
                    .Equal(Lines(ticked), because);
                await File.WriteAllBytesAsync(folder.Paths.Todo, plan, Token);
            }

            var added = (await store.AddAsync([new NewTodo("THE ITEM", section, "THE ACCEPTANCE")], Token)).Single();
            (added.Item.Title, added.Item.Acceptance, added.Item.Depth).Should().Be(("THE ITEM", "THE ACCEPTANCE", 0), because);
            var after = await File.ReadAllBytesAsync(folder.Paths.Todo, Token);
            Without(after, "THE ")
                .Where(static line =>
                    line.Length > 0 && line is not ("## Inbox" or "# TODO" or "## Somewhere else" or "## Part 1" or "## Title 0")
                )
                .Should()
                .Equal(Lines(plan).Where(static line => line.Length > 0 && line is not ("## Part 1" or "## Title 0")), because);
            var now = TodoDocument.Parse(after, "f").Items;
            now.Where(item => item.Id != added.Item.Id)
                .Select(static item => (item.Id, item.Title, item.IsCompleted, item.Section, item.Depth, Notes: item.Notes.Count))
                .Should()
                .Equal(
                    items.Select(static item => (item.Id, item.Title, item.IsCompleted, item.Section, item.Depth, Notes: item.Notes.Count)),
                    because
                );
        }
    }

    [Fact]
    public void Ids_OtherItemsChanged_Survive()
    {
        var edits = Gen.Select(Gen.Int[2, 12], Gen.Select(Gen.Int[0, 4], Gen.Int[0, 100], Gen.Int[0, 100]).Array[1, 20]);
        FixedSample.Run(edits, 300, static sample =>
        {
            var (count, steps) = sample;
            var lines = Enumerable.Range(0, count).Select(static number => $"- [ ] other {number}").ToList();
            lines.Insert(count / 2, "- [ ] mine");
            lines.Insert(count / 2, "## Part");
            var id = Mine(lines).Id;
            for (var step = 0; step < steps.Length; step++)
            {
                var (action, from, to) = steps[step];
                var others = lines.Index().Where(static line => line.Item.Contains("other", StringComparison.Ordinal)).ToList();
                var own = lines.FindIndex(static line => line.EndsWith("] mine", StringComparison.Ordinal));
                var (at, other) = others.Count > 0 ? others[from % others.Count] : (-1, "");
                switch (action)
                {
                    case 0:
                        lines.Insert(to % (lines.Count + 1), $"- [ ] other new {step}");
                        break;
                    case 1 when at >= 0:
                        lines.RemoveAt(at);
                        break;
                    case 2 when at >= 0:
                        lines.RemoveAt(at);
                        lines.Insert(to % (lines.Count + 1), other);
                        break;
                    case 3:
                        lines[own] = to % 2 == 0 ? "- [x] mine" : "- [ ] mine";
                        break;
                    default:
                        lines.Insert(own + 1, $"  - note {step}");
                        break;
                }

                Mine(lines).Id.Should().Be(id);
            }
        });

        static TodoItem Mine(IEnumerable<string> lines) =>
            TodoDocument.Parse(Encoding.UTF8.GetBytes(string.Join('\n', lines)), "f").Items.Single(static item => item.Title == "mine");
    }

    [Fact]
    public async Task Bytes_OfAnyKind_AreEditedOrRefused()
    {
        using var folder = new TemporaryFolder();
        var store = new TodoStore(folder.Paths, new FakeTimeProvider());
        var any = Gen.OneOf(Gen.Byte.Array[0, 8], FixedSample.OneOf(Pieces).Select(static piece => Encoding.UTF8.GetBytes(piece + "\n")))
            .Array[0, 20]
            .Select(static pieces => pieces.SelectMany(static piece => piece).ToArray());
        for (var index = 0; index < 200; index++)
        {
            var bytes = any.Generate(new PCG(5, (ulong)index), null, out _);
            await File.WriteAllBytesAsync(folder.Paths.Todo, bytes, Token);
            try
            {
                (await store.AddAsync([new NewTodo("THE ITEM")], Token)).Single().Item.Title.Should().Be("THE ITEM");
            }
            catch (UserErrorException)
            {
                (await File.ReadAllBytesAsync(folder.Paths.Todo, Token)).Should().Equal(bytes);
            }
        }
    }

    [Fact]
    public Task Cost_GrowsWithTheFile_NotWithItsSquare() => CompareCostAsync(1_000);

    [Fact(Explicit = true)]
    [Trait("kind", "soak")]
    public Task Cost_OfLongPlans_GrowsWithTheFileNotWithItsSquare() => CompareCostAsync(2_500);

    private static async Task CompareCostAsync(int items)
    {
        var small = await LeastAsync(items);
        var large = await LeastAsync(8 * items);

        ((double)large / small).Should().BeLessThan(12, "the file is eight times as large");

        static async Task<long> LeastAsync(int items) =>
            Math.Min(Math.Min(await AllocatedAsync(items), await AllocatedAsync(items)), await AllocatedAsync(items));

        static async Task<long> AllocatedAsync(int items)
        {
            using var folder = new TemporaryFolder();
            await File.WriteAllTextAsync(
                folder.Paths.Todo,
                string.Concat(
                    Enumerable
                        .Range(0, items)
                        .Select(static number =>
                            $"{(number % 50 == 0 ? $"## Part {number}\n" : "")}- [ ] item number {number}\n  - a note\n"
                        )
                ),
                Token
            );
            var store = new TodoStore(folder.Paths, new FakeTimeProvider());
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await store.TickAsync($"item number {items - 1}", isCompleted: true, Token);
            await store.AddAsync([.. Enumerable.Range(0, 50).Select(static number => new NewTodo($"new {number}", "Part 50"))], Token);
            return GC.GetTotalAllocatedBytes(precise: true) - before;
        }
    }

    private static bool Noted(TemporaryFolder folder) => File.ReadAllBytes(folder.Paths.Todo)[^1] == '\n';

    private static List<string> Lines(byte[] bytes) =>
        [
            .. Encoding
                .Latin1.GetString(bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes[3..] : bytes)
                .Split('\n')
                .Select(static line => line.TrimEnd('\r')),
        ];

    private static List<string> Without(byte[] bytes, string text) =>
        [.. Lines(bytes).Where(line => !line.Contains(text, StringComparison.Ordinal))];
}
