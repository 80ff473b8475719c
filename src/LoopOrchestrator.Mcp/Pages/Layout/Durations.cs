using System.Globalization;

namespace LoopOrchestrator.Mcp.Pages.Layout;

/// <summary>Lengths of time as pages show them.</summary>
internal static class Durations
{
    /// <summary>Seconds as <c>1:02:03</c>, as commands and plots show them.</summary>
    public static string Of(long seconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600}:{seconds / 60 % 60:00}:{seconds % 60:00}");
}
