namespace LoopOrchestrator.Core.Storage.Rows;

/// <summary>
/// The row that a reader of some backend stands at, by the names of its columns, which all backends share. How a backend keeps a moment
/// or a flag is its own affair.
/// </summary>
internal interface IRow
{
    /// <summary>A text.</summary>
    string? Text(string column);

    /// <summary>A whole number.</summary>
    long? Integer(string column);

    /// <summary>A number.</summary>
    double? Real(string column);

    /// <summary>A moment, to the millisecond.</summary>
    DateTimeOffset? Moment(string column);

    /// <summary>A yes or no.</summary>
    bool? Flag(string column);
}
