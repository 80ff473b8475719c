using System.Text;
using CsCheck;
using LoopOrchestrator.Core.Memory;
using LoopOrchestrator.Testing;
using Microsoft.Extensions.Time.Testing;

namespace LoopOrchestrator.Core.Tests.Memory;

/// <summary>What holds for every memory file and every text.</summary>
public sealed class MemoryPropertyTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    private static readonly string[] Contents =
    [
        "#",
        "# System Updates & Status",
        "# non obvious patterns",
        "## Group",
        "## [2026-01-01T00:00:00.000Z] [a] - [b]",
        "[2026-01-01T00:00:00.000Z] [a] - [b]: c",
        "- [2026-01-01T00:00:00.000Z] [a] - text",
        "```",
        "````md",
        "~~~",
        "<!--",
        "-->",
        "<script>",
        "\\#",
        "\\",
        "---",
        "===",
        "\n",
        "\r\n",
        "\r",
        "\n\n",
        " ",
        "\t",
        "\0",
        "\u000B",
        "\u0085",
        "\u2028",
        "\uFEFF",
        "\u2409",
        "\u2426",
        "é🔧",
        "\uDC00",
        "[pinned]",
        "- **Finding**: x",
        "- Finding: y",
        "- **Seen**: 3 times, last 2026-01-01T00:00:00.000Z",
        "- ",
        "\n- ",
        "text",
    ];

    private static readonly string[] Lines =
    [
        "# Non-Obvious Implementation Patterns",
        "# commands",
        "# system updates",
        "# Something else",
        "## A group",
        "### deeper",
        "- bullet",
        "  - child",
        "",
        "",
        "plain text",
        "- **Finding**: orphan",
        "## [2026-01-01T00:00:00.000Z] [code] - [x]",
        "## [2026-02-01T00:00:00.000Z] [ask] - [y]: described [pinned]",
        "[2026-01-03T00:00:00.000Z] [code] - [x]: in a line",
        "- **Seen**: 2 times, last 2026-01-04T00:00:00.000Z",
    ];

    private static readonly Gen<string> AnyContent = Gen.OneOf(
            FixedSample.OneOf(Contents),
            Gen.String,
            Gen.Int[0, 4000].Select(static length => new string('w', length))
        )
        .Array[1, 10]
        .Select(string.Concat)
        .Where(static text => !string.IsNullOrWhiteSpace(text));

    // Every line its own, so that none can be lost behind another that reads the same.
    private static readonly Gen<string> AnyDocument = Gen.Select(
            FixedSample.OneOf(Lines).Array[0, 40],
            FixedSample.OneOf("\n", "\r\n"),
            Gen.Bool
        )
        .Select(
            static (lines, end, isWhole) =>
                string.Join(
                    end,
                    lines.Select(
                        static (line, index) =>
                            line.Length == 0 || line.StartsWith('#') || line.Contains("**Seen**", StringComparison.Ordinal)
                                ? line
                                : $"{line} {index}"
                    )
                ) + (isWhole ? end : "")
        );

    [Fact]
    public void AnyContent_ComesBackAsItWas_AndMakesNoOtherEntry() => FixedSample.Run(AnyContent, 1000, static content =>
        {
            var text = MemoryText.Normalise(content);
            if (text.Length == 0)
            {
                return;
            }

            var document = MemoryDocument.Parse("# Commands\n\n## Before\n- a\n\n# Updates\n\n## After\n- b\n"u8.ToArray());
            document.Append(MemorySection.Commands, MemoryText.ToLines(text).Prepend("## [2026-03-04T05:06:07.000Z] [code] - [note]"));

            var reread = MemoryDocument.Parse(document.ToBytes());
            reread.Diagnostics("f").Should().BeEmpty();
            reread.Blocks.Select(block => reread.Describe(block, "f", archived: false).Text).Should().Equal("- a", text, "- b");
        });

    [Fact]
    public void Append_AnyDocument_LeavesAllOtherBytesAsTheyAre() =>
        FixedSample.Run(Gen.Select(AnyDocument, FixedSample.OneOf(MemorySectionTitles.InOrder)), 1000, static sample =>
        {
            var (before, section) = sample;
            var document = MemoryDocument.Parse(Encoding.UTF8.GetBytes(before));
            document.Append(section, ["## [2026-03-04T05:06:07.000Z] [code] - [note]", "- **Finding**: THE NEW ONE"]);
            var after = Encoding.UTF8.GetString(document.ToBytes());

            // Without the entry, the headings that were missing and blank lines, the old text is left.
            var left = after
                .Split('\n')
                .Where(static line =>
                    !line.Contains("[note]", StringComparison.Ordinal) && !line.Contains("THE NEW ONE", StringComparison.Ordinal)
                )
                .Where(static line => line.Trim().Length > 0)
                .ToList();
            foreach (var line in before.Split('\n').Where(static line => line.Trim().Length > 0))
            {
                left[0]
                    .TrimEnd('\r')
                    .Should()
                    .BeOneOf([
                        line.TrimEnd('\r'),
                        .. MemorySectionTitles.InOrder.Select(static one => "# " + MemorySectionTitles.Canonical(one)),
                    ]);
                while (left[0].TrimEnd('\r') != line.TrimEnd('\r'))
                {
                    left.RemoveAt(0);
                }

                left.RemoveAt(0);
            }

            left.TrueForAll(static line => line.StartsWith("# ", StringComparison.Ordinal)).Should().BeTrue();
            Assert
                .Single(document.Blocks, block => document.Describe(block, "f", false).Text == "THE NEW ONE")
                .Section.Should()
                .Be(section);
        });

    [Fact]
    public async Task AppendsAndCompactions_UnderTinyLimits_LoseNoLine()
    {
        var operations = Gen.Select(AnyDocument, Gen.Select(Gen.Int[0, 3], Gen.Int[0, 30], Gen.Int[0, 2]).Array[1, 12]);
        for (var index = 0; index < 60; index++)
        {
            var (document, steps) = operations.Generate(new PCG(11, (ulong)index), null, out _);
            using var folder = new TemporaryFolder();
            var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 31, 23, 50, 0, TimeSpan.Zero));
            var store = new MemoryStore(folder.Paths, time, new MemoryLimits(MemoryLimits.MinLineLimit, MemoryLimits.MinByteLimit));
            await File.WriteAllTextAsync(folder.Paths.Memory, document, Token);
            var expected = Words(document).ToHashSet(StringComparer.Ordinal);
            for (var step = 0; step < steps.Length; step++)
            {
                time.Advance(TimeSpan.FromMinutes(2));
                var (action, lines, section) = steps[step];
                if (action == 0)
                {
                    await store.CompactAsync(lines, cancellationToken: Token);
                    continue;
                }

                var text = $"step {step}\n" + string.Join('\n', Enumerable.Range(0, lines).Select(line => $"line {step}.{line}"));
                await store.AppendAsync(new MemoryAppend((MemorySection)section, text, Pinned: action == 3 && lines < 4), Token);
                expected.UnionWith(Words($"- **Finding**: {text}"));
            }

            (await File.ReadAllLinesAsync(folder.Paths.Memory, Token)).Length.Should().BeLessThanOrEqualTo(MemoryLimits.MinLineLimit);
            var files = MemoryArchive.Files(folder.Paths).Append(folder.Paths.Memory);
            files
                .SelectMany(static file => Words(File.ReadAllText(file)))
                .ToHashSet(StringComparer.Ordinal)
                .Should()
                .Contain(expected, $"document {index} loses nothing");
        }

        static IEnumerable<string> Words(string text) =>
            text.Split('\n')
                .Select(static line => line.Trim())
                .Where(static line => line.Length > 0 && !line.Contains("**Seen**", StringComparison.Ordinal));
    }
}
