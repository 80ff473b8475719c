namespace LoopOrchestrator.Core.Alarms;

/// <summary>
/// How somebody outside learns that the loop is not well, from <c>alarm</c> in <c>mcp_startup.json</c>. By nothing as a default.
/// </summary>
public sealed record AlarmSettings
{
    /// <summary>
    /// An address that is called (GET) once a minute while all is well, and not called when it is not (<c>deadManUrl</c>): the service
    /// behind it raises the alarm when the calls stay away. https, or http on this machine.
    /// </summary>
    public Uri? DeadManUrl { get; init; }

    /// <summary>
    /// How many due moments of a schedule are left out in a row, other than by a pause or an <c>onlyIf</c> command, until that is told
    /// (<c>skipsToTell</c>).
    /// </summary>
    public int SkipsToTell { get; init; } = 3;

    /// <summary>Who is told of what (<c>notices</c>).</summary>
    public IReadOnlyList<NoticeTarget> Notices { get; init; } = [];
}
