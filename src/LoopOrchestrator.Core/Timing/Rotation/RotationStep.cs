namespace LoopOrchestrator.Core.Timing.Rotation;

/// <summary>How far a rotation has come; tests end it there.</summary>
internal enum RotationStep
{
    /// <summary>The months are written beside their files.</summary>
    MonthsWritten,

    /// <summary>What is left of the log is written beside it.</summary>
    LogWritten,

    /// <summary>The note is on disk.</summary>
    Noted,

    /// <summary>A month's file was replaced.</summary>
    MonthReplaced,

    /// <summary>The log was replaced.</summary>
    LogReplaced,

    /// <summary>The note is gone.</summary>
    Done,
}
