namespace LoopOrchestrator.Mcp.Pages.Serving;

/// <summary>A button that does something at once.</summary>
/// <param name="Label">What is on it.</param>
/// <param name="Tool">The tool that does the same: who may not call that is not offered it.</param>
internal sealed record PageButton(string Label, string Tool)
{
    /// <summary>What it is about, for those who hear it without what stands beside it.</summary>
    public string? About { get; init; }

    /// <summary>The key that presses it.</summary>
    public string? Key { get; init; }

    /// <summary><c>primary</c>, <c>danger</c>, <c>link</c>, or nothing: a literal.</summary>
    public string Style { get; init; } = "";

    /// <summary>
    /// Whether what it does is done once where it is pressed twice; what may be done twice without harm needs none of it.
    /// </summary>
    public bool IsDoneOnce { get; init; }

    /// <summary>Its id, by which it is found again when the page is renewed under the visitor's hand.</summary>
    public string? Id { get; init; }
}
