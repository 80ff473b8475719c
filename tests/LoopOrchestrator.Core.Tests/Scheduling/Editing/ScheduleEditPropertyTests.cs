using System.Text;
using CsCheck;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Json;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Scheduling.Editing;
using LoopOrchestrator.Core.Scheduling.Reading;

namespace LoopOrchestrator.Core.Tests.Scheduling.Editing;

/// <summary>Random files as people leave them, random edits: whatever is not meant stays, byte for byte.</summary>
public sealed class ScheduleEditPropertyTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 20, 30, TimeSpan.Zero);
    private static readonly Gen<string> Space = FixedSample.OneOf("", "", " ", "\n  ", "\r\n\t", " /* é, } */ ", " // ] 😀 \"\n");
    private static readonly Gen<string> Comma = Gen.Select(Space, Space).Select((before, after) => before + "," + after);

    // What an edit writes is marked, so that it can be told from all that was there.
    private static readonly Gen<string> Field = FixedSample.OneOf(
        "\"name\":\"old\"",
        "\"mode\" : \"code\"",
        "\"taskInstructions\":\"do\\u00e9 界\"",
        "\"timeInterval\":\"10\", \"timeUnit\":\"minute\"",
        "\"timeUnit\":\"minute\",\"timeInterval\":10",
        "\"foreign\":{\"a\":[1,2.50,{}],\"b\":null}",
        "\"startDate\":\"\",\"startHour\":\"\"",
        "\"selectedDays\":{\"mon\":true,\"sun\":false}",
        "\"maxLateness\":30",
        "\"active\":true",
        "\"lastExecutionTime\":\"2026-03-01T00:00:00.983Z\"",
        "\"updatedAt\":\"2026-03-01T00:00:00.000Z\""
    );

    private static readonly Gen<string> Files = Gen.Select(
            FixedSample.OneOf("", "\uFEFF"),
            Space,
            Comma.Array[12],
            Field.Array[0, 9],
            Field.Array[0, 5],
            Space.Array[8],
            Gen.Bool,
            FixedSample.OneOf("", "\n", "\r\n")
        )
        .Select(
            (mark, lead, commas, mine, other, spaces, trailing, end) =>
                mark
                + lead
                + "{"
                + spaces[0]
                + "\"v\":1"
                + commas[0]
                + "\"schedules\":"
                + spaces[1]
                + "["
                + spaces[2]
                + "{"
                + spaces[3]
                + Join(["\"id\":\"a\"", .. Distinct(mine)], commas)
                + (trailing ? "," : "")
                + spaces[4]
                + "}"
                + commas[11]
                + "{"
                + spaces[5]
                + Join(["\"id\":\"b\"", .. Distinct(other)], commas)
                + "}"
                + (trailing ? commas[10] : spaces[6])
                + "]"
                + spaces[7]
                + "}"
                + end
        );

    private static readonly Gen<ScheduleEdit> Edits = Gen.Select(
            FixedSample.OneOf<string?>(null, "neu \"→\"\n"),
            FixedSample.OneOf<string?>(null, "debug"),
            FixedSample.OneOf<string?>(null, "25 minutes", "2 hours"),
            FixedSample.OneOf<string?>(null, "", "2026-04-01 07:30"),
            FixedSample.OneOf<bool?>(null, true, false),
            FixedSample.OneOf<string?>(null, "", "45", "PT2H"),
            FixedSample.OneOf<string?>(null, "mon", "tue")
        )
        .Select(
            (name, mode, interval, start, active, lateness, day) =>
                new ScheduleEdit
                {
                    Id = "a",
                    Name = name,
                    Mode = mode,
                    Interval = interval,
                    Start = start,
                    Active = active,
                    MaxLateness = lateness,
                    Days = day is null ? null : [day],
                }
        );

    [Fact]
    public void Save_SaysWhatIsMeant_AndLeavesTheRest() =>
        FixedSample.Run(
            Gen.Select(Files, Edits),
            1500,
            value =>
            {
                var (file, edit) = value;
                var bytes = Encoding.UTF8.GetBytes(file);
                var before = ScheduleFile.Read(bytes, "f", TimeZoneInfo.Utc);
                before.IsReadable.Should().BeTrue();
                if (Try(bytes, edit) is not var (content, saved))
                {
                    return;
                }

                if (saved.Changed.Count == 0)
                {
                    content.Should().BeNull();
                    return;
                }

                var after = ScheduleFile.Read(content, "f", TimeZoneInfo.Utc);
                Meant(after.Entries[0].Node, before.Entries[0].Node, edit);
                Kept(
                    before.Text,
                    after.Text,
                    before.Entries[0].Node,
                    after.Entries[0].Node,
                    [.. saved.Changed, "updatedAt", "modeDisplayName"]
                );
                Try(content!, edit)!.Value.Content.Should().BeNull("all of it is said now");
            },
            value => $"{value.Item1.Replace("\r", "\\r", StringComparison.Ordinal)}\n{value.Item2}"
        );

    [Fact]
    public void Add_ThenDelete_LeavesWhatWasThere() => FixedSample.Run(Files, 1500, file =>
        {
            var bytes = Encoding.UTF8.GetBytes(file);
            var (content, _) = Editor()
                .Save(
                    bytes,
                    new ScheduleEdit
                    {
                        Id = "c",
                        Name = "n",
                        Task = "t",
                        Interval = "1 day",
                    }
                );

            var added = ScheduleFile.Read(content, "f", TimeZoneInfo.Utc);
            added.Entries.Select(entry => entry.Id).Should().Equal("a", "b", "c");
            var removed = ScheduleFile.Read(Editor().Delete(content, "c"), "f", TimeZoneInfo.Utc);
            removed
                .Entries.Select(entry => entry.Node.Raw)
                .Should()
                .Equal(ScheduleFile.Read(bytes, "f", TimeZoneInfo.Utc).Entries.Select(entry => entry.Node.Raw));
            Bare(removed.Text).Should().Be(Bare(JsonText.Read(bytes, "f", JsonDialect.WithComments)));
        });

    [Fact]
    public void Delete_AnyFile_LeavesEveryCommentAndTheOtherEntry() =>
        FixedSample.Run(Gen.Select(Files, FixedSample.OneOf("a", "b")), 1500, value =>
        {
            var (file, id) = value;
            var before = ScheduleFile.Read(Encoding.UTF8.GetBytes(file), "f", TimeZoneInfo.Utc);
            var after = ScheduleFile.Read(Editor().Delete(Encoding.UTF8.GetBytes(file), id), "f", TimeZoneInfo.Utc);

            Assert.DoesNotContain(after.Diagnostics, static diagnostic => diagnostic.Line == null);
            after.Entries.Should().ContainSingle().Which.Node.Raw.Should().Be(before.Entries.Single(entry => entry.Id != id).Node.Raw);
            var gone = before.Entries.Single(entry => entry.Id == id).Node;
            Comments(Encoding.UTF8.GetString(after.Text.Bytes.Span))
                .Should()
                .Be(
                    Comments(
                        Encoding.UTF8.GetString(before.Text.Bytes.Span[..gone.Span.Start])
                            + Encoding.UTF8.GetString(before.Text.Bytes.Span[gone.Span.End..])
                    )
                );
        });

    private static void Meant(JsonTextNode entry, JsonTextNode before, ScheduleEdit edit)
    {
        Says(entry, "name", edit.Name?.Trim());
        Says(entry, "mode", edit.Mode);
        Says(entry, "timeInterval", edit.Interval?.Split(' ')[0]);
        if (edit.MaxLateness is { } lateness)
        {
            Says(entry, "maxLateness", lateness.Length > 0 ? lateness : null, isThere: lateness.Length > 0);
        }

        if (edit.Start is { } start)
        {
            (entry.Find("startDate")?.Value.Text ?? "").Should().Be(start.Length > 0 ? "2026-04-01" : "");
        }

        if (edit.Active is { } active)
        {
            entry.Find("active")!.Value.Boolean.Should().Be(active);
        }

        if (before.Find("timeInterval") is { } interval)
        {
            entry.Find("timeInterval")!.Value.Kind.Should().Be(interval.Value.Kind, "a number in quotes stays one");
        }
    }

    private static void Says(JsonTextNode entry, string key, string? text, bool? isThere = null)
    {
        if (text is not null)
        {
            (entry.Find(key)!.Value.Text ?? entry.Find(key)!.Value.Raw).Should().Be(text);
        }

        if (isThere is { } expected)
        {
            (entry.Find(key) is not null).Should().Be(expected);
        }
    }

    // Before and behind the entry nothing changes; within it every member that is not meant, each comment, and the order.
    private static void Kept(JsonText before, JsonText after, JsonTextNode old, JsonTextNode entry, HashSet<string> meant)
    {
        after.Bytes[..entry.Span.Start].Span.SequenceEqual(before.Bytes[..old.Span.Start].Span).Should().BeTrue();
        after.Bytes[entry.Span.End..].Span.SequenceEqual(before.Bytes[old.Span.End..].Span).Should().BeTrue();
        Raw(after, entry, meant).Should().Equal(Raw(before, old, meant));
        Comments(entry.Raw).Should().Be(Comments(old.Raw));
        entry
            .Members.Select(member => member.Name)
            .Where(name => old.Find(name) is not null)
            .Should()
            .Equal(old.Members.Select(member => member.Name).Where(name => entry.Find(name) is not null));
    }

    private static List<string> Raw(JsonText text, JsonTextNode entry, HashSet<string> meant) =>
        [
            .. entry
                .Members.Where(member => !meant.Contains(member.Name))
                .Select(member => Encoding.UTF8.GetString(text.Bytes.Span[member.NameSpan.Start..member.Value.Span.End])),
        ];

    // All comments hold one of these two and nothing else does.
    private static string Comments(string text) =>
        string.Concat(text.Split("/* é, } */").Length, "+", text.Split("// ] 😀 \"").Length) is var counts
            ? $"{int.Parse(counts.Split('+')[0]) - 1} {int.Parse(counts.Split('+')[1]) - 1}"
            : "";

    private static string Bare(JsonText text) =>
        string.Concat(Encoding.UTF8.GetString(text.Bytes.Span).Where(static c => c is not (' ' or '\t' or '\r' or '\n')));

    private static (byte[]? Content, ScheduleSaved Result)? Try(byte[] file, ScheduleEdit edit)
    {
        try
        {
            return Editor().Save(file, edit);
        }
        catch (UserErrorException)
        {
            // A file of random fields may be one that no edit makes right.
            return null;
        }
    }

    private static ScheduleFileEditor Editor() => new("f", new ModeCatalog(), TimeZoneInfo.Utc, Now);

    private static IEnumerable<string> Distinct(string[] fields) =>
        fields.DistinctBy(
            static field => field.Contains("timeUnit", StringComparison.Ordinal) ? "timeUnit" : field.Split(':')[0],
            StringComparer.Ordinal
        );

    private static string Join(string[] fields, string[] commas) =>
        string.Concat(fields.Select((field, index) => (index == 0 ? "" : commas[index % commas.Length]) + field));
}
