using System.Globalization;

namespace LoopOrchestrator.Core.Plots;

/// <summary>
/// The moments of days in rows of 48 half hours. A place shows the gravest of what is in it: the height, the frame and the lines of a
/// slot tell its state without its colour.
/// </summary>
internal static class SlotStrip
{
    private const int MaxDays = 62;
    private const int Places = 48;
    private const int Row = 22;
    private const int Head = 18;
    private const int Before = 48;

    // In per cent of the whole, so that the last place ends within it on a phone: what stands before the rows has its width in pixels.
    private const decimal Width = 84m / Places;

    private static readonly SlotState[] States = Enum.GetValues<SlotState>();

    public static Drawing Draw(PlotName name, IReadOnlyList<SlotDay> days)
    {
        var drawn = days.TakeLast(MaxDays).ToList();
        var met = States.Where(state => drawn.Any(day => day.Slots.Any(slot => slot.State == state))).ToList();
        var table = new PlotTable(
            ["Day", .. met.Select(Word)],
            [
                .. drawn.Select(day =>
                    (IReadOnlyList<string>)[Iso(day.Day), .. met.Select(state => PlotText.Number(Count(day.Slots, state), PlotUnit.Count))]
                ),
            ]
        );
        if (met.Count == 0)
        {
            return new Drawing(Svg.Nothing(name, "plot-slots", "Nothing was due."), table);
        }

        var told = met.Select(state =>
            $"{PlotText.Number(Count(drawn.SelectMany(static day => day.Slots), state), PlotUnit.Count)} {Word(state)}"
        );
        var svg = new Svg(name, "plot-slots", $"{drawn.Count} day(s): {string.Join(", ", told)}.", Head + (drawn.Count * Row));
        foreach (var hour in (int[])[0, 6, 12, 18])
        {
            svg.Text(
                $"class=\"plot-label\" transform=\"translate({Before} 0)\" x=\"{At(hour * 2)}\" y=\"12\" font-size=\"11\"",
                string.Create(CultureInfo.InvariantCulture, $"{hour:00}:00")
            );
        }

        foreach (var (index, day) in drawn.Index())
        {
            var top = Head + (index * Row);
            svg.Text($"class=\"plot-label\" x=\"0\" y=\"{top + 14}\"", day.Day.ToString("MM-dd", CultureInfo.InvariantCulture))
                .Put(
                    $"line class=\"plot-axis\" transform=\"translate({Before} {top + 18})\" x1=\"0\" x2=\"{At(Places)}\" y1=\"0\" y2=\"0\""
                );
            foreach (
                var place in day.Slots.GroupBy(static slot => (slot.At.Hour * 2) + (slot.At.Minute / 30)).OrderBy(static place => place.Key)
            )
            {
                DrawPlace(svg, day.Day, place.Key, top, [.. place]);
            }
        }

        return new Drawing(svg.End(), table) { Legend = SlotLegend.Html };
    }

    /// <summary>A state by its name.</summary>
    public static string Word(SlotState state) =>
        state switch
        {
            SlotState.Fired => "fired",
            SlotState.Skipped => "skipped",
            SlotState.Missed => "missed",
            SlotState.Failed => "failed",
            SlotState.Running => "running",
            _ => "waiting",
        };

    /// <summary>Draws a slot.</summary>
    /// <param name="svg">Where.</param>
    /// <param name="state">Its state.</param>
    /// <param name="left">Where it begins.</param>
    /// <param name="right">Where it ends.</param>
    /// <param name="width">What lies between them.</param>
    /// <param name="top">The upper end of its row, of 18 pixels.</param>
    internal static void DrawSlot(Svg svg, SlotState state, string left, string right, string width, int top)
    {
        var (y, height) = state == SlotState.Skipped ? (top + 12, 6) : (top + 2, 16);
        svg.Put($"rect class=\"plot-slot plot-{Word(state)}\" x=\"{left}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"");
        switch (state)
        {
            case SlotState.Failed:
                svg.Put($"line class=\"plot-cut\" x1=\"{left}\" x2=\"{right}\" y1=\"{top + 2}\" y2=\"{top + 18}\"")
                    .Put($"line class=\"plot-cut\" x1=\"{left}\" x2=\"{right}\" y1=\"{top + 18}\" y2=\"{top + 2}\"");
                break;
            case SlotState.Missed:
                svg.Put($"line class=\"plot-stroke\" x1=\"{left}\" x2=\"{right}\" y1=\"{top + 18}\" y2=\"{top + 2}\"");
                break;
            case SlotState.Running:
                svg.Put($"rect class=\"plot-half\" x=\"{left}\" y=\"{top + 10}\" width=\"{width}\" height=\"8\"");
                break;
            default:
                break;
        }
    }

    private static void DrawPlace(Svg svg, DateOnly day, int place, int top, List<Slot> slots)
    {
        var state = slots.Max(static slot => slot.State);
        var counts = States.Where(one => slots.Any(slot => slot.State == one)).Select(one => $"{Count(slots, one)} {Word(one)}");
        var first = slots.Min(static slot => slot.At);
        var told = string.Create(CultureInfo.InvariantCulture, $"{Iso(day)} {first:HH:mm}: {string.Join(", ", counts)}");
        svg.Open($"transform=\"translate({Before} 0)\"", told);
        DrawSlot(svg, state, At(place), At(place + 0.8m), At(0.8m), top);
        svg.Close();
    }

    private static long Count(IEnumerable<Slot> slots, SlotState state) =>
        slots.Where(slot => slot.State == state).Sum(static slot => Math.Clamp(slot.Count, 1, int.MaxValue));

    private static string At(decimal place) => string.Create(CultureInfo.InvariantCulture, $"{place * Width:0.##}%");

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
