namespace LoopOrchestrator.Core.Plots;

/// <summary>
/// How drawings look: the rules for the style sheet of a page, or for the <c>style</c> element of a file of its own. A page changes
/// colours by giving the variables other values behind it.
/// </summary>
public static class PlotStyle
{
    /// <summary>The rules, light and dark.</summary>
    public const string Css = """
        :root {
          --plot-ink: #1f2328; --plot-quiet: #59636e; --plot-axis: #b6bec7; --plot-track: #e6eaef; --plot-bar: #0b62c4;
          --plot-good: #1a7f37; --plot-bad: #c8202c; --plot-warn: #96640a; --plot-live: #0b62c4;
          --plot-idle: #6e7781; --plot-paper: #ffffff;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --plot-ink: #e6edf3; --plot-quiet: #9da7b3; --plot-axis: #4a535e; --plot-track: #262d36; --plot-bar: #58a6ff;
            --plot-good: #3fb950; --plot-bad: #ff6a61; --plot-warn: #d8a02c; --plot-live: #58a6ff;
            --plot-idle: #8b949e; --plot-paper: #0d1117;
          }
        }
        .plot { display: block; overflow: visible; max-width: 44rem; }
        .plot-spark { display: inline-block; vertical-align: middle; }
        .plot-label, .plot-number { fill: var(--plot-ink); }
        .plot-number { font-variant-numeric: tabular-nums; }
        .plot-times { font-size: 11px; font-weight: 600; stroke: var(--plot-paper); stroke-width: 4; paint-order: stroke; }
        .plot-name { font-weight: 600; }
        .plot-quiet { fill: var(--plot-quiet); }
        .plot-axis { stroke: var(--plot-axis); }
        .plot-track { fill: var(--plot-track); }
        .plot-bar { fill: var(--plot-bar); }
        .plot-over { fill: var(--plot-bad); }
        .plot-limit { stroke: var(--plot-ink); stroke-width: 2; }
        .plot-line { stroke: var(--plot-bar); stroke-width: 1.5; }
        .plot-point { fill: var(--plot-bar); }
        .plot-fired, .plot-done { fill: var(--plot-good); stroke: var(--plot-good); }
        .plot-skipped { fill: var(--plot-idle); stroke: none; }
        .plot-failed { fill: var(--plot-bad); stroke: var(--plot-bad); }
        .plot-cut, .plot-sign { stroke: var(--plot-paper); stroke-width: 2; }
        .plot-missed { fill: none; stroke: var(--plot-bad); stroke-width: 1.5; }
        .plot-stroke { stroke: var(--plot-bad); stroke-width: 1.5; }
        .plot-running { fill: none; stroke: var(--plot-live); stroke-width: 1.5; }
        .plot-half, .plot-dot { fill: var(--plot-live); }
        .plot-waiting, .plot-ahead { fill: none; stroke: var(--plot-idle); stroke-width: 1.5; stroke-dasharray: 3 2; }
        .plot-stage.plot-running, .plot-ahead { fill: var(--plot-paper); }
        .plot-held { fill: var(--plot-warn); stroke: var(--plot-warn); }
        .plot-cancelled { fill: var(--plot-idle); stroke: var(--plot-idle); }
        .plot-arc { stroke: var(--plot-warn); stroke-width: 1.5; }
        .plot-arrow { fill: var(--plot-warn); }
        .plot-legend { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: .25rem 0; padding: 0; list-style: none; }
        .plot-legend svg { display: inline-block; vertical-align: middle; margin-right: .35rem; }
        """;
}
