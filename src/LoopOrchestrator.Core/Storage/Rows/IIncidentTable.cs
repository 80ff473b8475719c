using LoopOrchestrator.Core.Alarms;

namespace LoopOrchestrator.Core.Storage.Rows;

/// <summary>
/// The incidents of a backend within one transaction, which nobody else's change comes into: what <see cref="IncidentEntry"/> asks and
/// writes.
/// </summary>
internal interface IIncidentTable
{
    /// <summary>The incidents that go on, the oldest first.</summary>
    IReadOnlyList<Incident> Open();

    /// <summary>A text that is kept for people, without credentials.</summary>
    string Redact(string text);

    /// <summary>
    /// Writes the level and the reason of one that goes on, where one of them is another. A level that rises counts; one that sinks is none
    /// of its repeats, and from there the next one counts again.
    /// </summary>
    void Change(IncidentSign sign, string reason, DateTimeOffset now);

    /// <summary>Adds one, and returns its number.</summary>
    long Begin(IncidentSign sign, string reason, DateTimeOffset now);

    /// <summary>Ends one.</summary>
    void End(long id, DateTimeOffset now);

    /// <summary>Adds what is to be told of one to a receiver, due now.</summary>
    void AddDelivery(long id, string what, string target, DateTimeOffset now);
}
