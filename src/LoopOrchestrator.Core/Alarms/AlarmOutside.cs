namespace LoopOrchestrator.Core.Alarms;

/// <summary>What reaches somebody outside.</summary>
/// <param name="Caller">Calls the address of the dead man's switch.</param>
/// <param name="Carrier">Carries notices.</param>
internal sealed record AlarmOutside(IAddressCaller Caller, INoticeCarrier Carrier);
