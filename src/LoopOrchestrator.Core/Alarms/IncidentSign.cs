namespace LoopOrchestrator.Core.Alarms;

/// <summary>That something is wrong at this moment, as it is seen from what is recorded.</summary>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Subject">What it is about: as long as signs of one kind and subject are there, it is one incident.</param>
/// <param name="Reason">What is wrong, in a sentence's part.</param>
/// <param name="Level">
/// How many there are of it (failures, questions, moments left out): one more makes it a repeat, and no incident of its own.
/// </param>
internal sealed record IncidentSign(IncidentKind Kind, string Subject, string Reason, long Level = 1);
