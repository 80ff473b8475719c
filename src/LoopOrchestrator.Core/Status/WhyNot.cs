namespace LoopOrchestrator.Core.Status;

/// <summary>The single reason why a schedule or a waiting run does not run at this moment.</summary>
/// <param name="Code">Its kind.</param>
/// <param name="Text">
/// It in words, to stand behind the name of what it is about; it names tools with their mark (see <c>ToolNames</c>).
/// </param>
public sealed record WhyNot(WhyNotCode Code, string Text)
{
    /// <summary>When it is over by itself; <see langword="null"/> where that is not known.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>
    /// Whether it is the ordinary course: the next moment has not come, or the start is at hand. Lists of what is held up leave it out.
    /// </summary>
    public bool IsOrdinary => Code is WhyNotCode.NotDue or WhyNotCode.Starting;

    /// <summary>The kind as it is shown.</summary>
    public string CodeName =>
        Code switch
        {
            WhyNotCode.Inactive => "inactive",
            WhyNotCode.Paused => "paused",
            WhyNotCode.StartsNothing => "starts_nothing",
            WhyNotCode.NoServer => "no_server",
            WhyNotCode.Overdue => "overdue",
            WhyNotCode.Checking => "checking",
            WhyNotCode.Busy => "busy",
            WhyNotCode.QueueFull => "queue_full",
            WhyNotCode.LeftOut => "left_out",
            WhyNotCode.NotDue => "not_due",
            WhyNotCode.NeverDue => "never_due",
            WhyNotCode.Unclaimed => "unclaimed",
            WhyNotCode.Untrusted => "untrusted",
            WhyNotCode.HeldBack => "held_back",
            WhyNotCode.SignedOut => "signed_out",
            WhyNotCode.NoService => "no_service",
            WhyNotCode.UsageLimit => "usage_limit",
            WhyNotCode.Retry => "retry",
            WhyNotCode.AtCapacity => "at_capacity",
            WhyNotCode.Ending => "ending",
            WhyNotCode.Starting => "starting",
            _ => throw new InvalidOperationException($"The kind {Code} has no name."),
        };
}
