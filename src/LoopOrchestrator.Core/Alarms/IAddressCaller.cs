namespace LoopOrchestrator.Core.Alarms;

/// <summary>Calls addresses outside. Safe for many threads.</summary>
internal interface IAddressCaller
{
    /// <summary>Asks for an address (GET) and passes over what it answers.</summary>
    /// <returns>What went wrong, in words; <see langword="null"/> when it answered with success.</returns>
    Task<string?> GetAsync(Uri address, CancellationToken cancellationToken);
}
