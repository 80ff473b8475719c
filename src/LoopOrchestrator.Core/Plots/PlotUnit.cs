namespace LoopOrchestrator.Core.Plots;

/// <summary>What a number of a drawing counts.</summary>
public enum PlotUnit
{
    /// <summary>Things.</summary>
    Count,

    /// <summary>Seconds, which are shown as hours, minutes and seconds.</summary>
    Seconds,

    /// <summary>Ten-thousandths of a US dollar, which are shown as dollars.</summary>
    Dollars,
}
