using System.Text;
using CsCheck;
using LoopOrchestrator.Core.Timing.Rows;

namespace LoopOrchestrator.Core.Tests.Timing;

/// <summary>Lines as they occur in time logs, the odd ones more often than in life.</summary>
internal static class TimingRows
{
    private static readonly string[] Ids = ["a", "b", "c", "id-4", "", "Ä☃"];
    private static readonly string[] Modes = ["code", "Code", "ask", "time-tracking", ""];
    private static readonly string[] Words =
    [
        "started",
        "completed",
        "some task",
        "two ␉ parts",
        "O(n\uFFFD)",
        "",
        "x,y",
        "last \u2028 one",
    ];
    private static readonly string[] Priorities = ["normal", "todo", "schedule", "high", ""];

    private static readonly Gen<string> Moment = Gen.Int[0, 60 * 24 * 3]
        .Select(Gen.Int[0, 3], static (minutes, form) =>
        {
            var moment = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(minutes);
            return form switch
            {
                0 => moment.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ"),
                1 => moment.ToString("yyyy-MM-ddTHH:mm:ss+02:00"),
                _ => moment.ToString("yyyy-MM-ddTHH:mm:ss.fffZ"),
            };
        });

    private static readonly Gen<string> MomentOrNothing = Gen.OneOf(Moment, Moment, Gen.Const(""));
    private static readonly Gen<string> Seconds = Gen.OneOf(
        Gen.Const(""),
        Gen.Int[-5, 9000].Select(static number => number.ToString()),
        Gen.Const("12.5"),
        Gen.Const("0")
    );

    /// <summary>One row in any of the forms, with tabs.</summary>
    public static readonly Gen<string> Row = Gen.Select(
        Moment,
        FixedSample.OneOf(Ids),
        MomentOrNothing,
        MomentOrNothing,
        Seconds,
        FixedSample.OneOf(Modes),
        Gen.Select(FixedSample.OneOf(Words), FixedSample.OneOf(Words), FixedSample.OneOf(Priorities)),
        Gen.Int[0, 16],
        static (stamp, id, start, end, seconds, mode, texts, form) =>
            string.Join(
                '\t',
                form switch
                {
                    0 => (string[])[stamp, id, start, end, seconds, texts.Item1, texts.Item2],
                    1 => [id, start, end, seconds, texts.Item1, texts.Item2],
                    2 => [id, stamp, "", "", "", "", texts.Item1, "started"],
                    3 => ["1761600947.7243145", mode, id, "", end, seconds, texts.Item1, texts.Item2, ""],
                    4 => [stamp, mode, id, start, end, seconds, texts.Item1, texts.Item2],
                    5 => [stamp, mode, id, start, end, seconds, "completed", texts.Item1, ""],
                    6 => [stamp, mode, id, start, end, seconds, texts.Item1, "a tab", texts.Item2, "normal"],
                    7 => [$"{id},{start},{end},{seconds},\"{texts.Item1}\",{texts.Item2},{mode},normal"],
                    8 => [texts.Item1, texts.Item2],
                    9 or 10 => [stamp, mode, id, start, "", "", texts.Item1, "started", texts.Item3],
                    _ => [stamp, mode, id, start, end, seconds, texts.Item1, texts.Item2, texts.Item3],
                }
            )
    );

    private static readonly string[] OtherLines =
    [
        "",
        "",
        TimingRow.Header,
        "mode\ttask_id\tstart\tend\tduration\ttask\tresult\tpriority\ttimestamp",
        "task_id,start_timestamp,end_timestamp,duration_seconds,task,results,mode,priority",
        "timestamp\tmode\ttask_id\tstart_time\tend_time\tduration\ttask\tresult",
    ];

    private static readonly Gen<byte[]> Line = Gen.Select(Row, Gen.Int[0, 24], static (row, form) => form switch
        {
            0 => Encoding.Unicode.GetBytes(row + "\r\n"),
            1 => [.. Encoding.UTF8.GetBytes(row), 0xC3, 0x28, (byte)'\n'],
            2 => [0, .. Encoding.UTF8.GetBytes(row + "\n")],
            3 => "\0\r\n"u8.ToArray(),
            4 or 5 => Encoding.UTF8.GetBytes(OtherLines[row.Length % OtherLines.Length] + "\n"),
            6 => Encoding.UTF8.GetBytes(row + "\r\n"),
            7 => Encoding.UTF8.GetBytes(row + "\n" + row + "\n"),
            _ => Encoding.UTF8.GetBytes(row + "\n"),
        });

    /// <summary>Several lines, each with its line feed.</summary>
    public static readonly Gen<byte[]> Lines = Line.Array[0, 12].Select(static lines => lines.SelectMany(static line => line).ToArray());
}
