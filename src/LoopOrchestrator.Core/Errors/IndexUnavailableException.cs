namespace LoopOrchestrator.Core.Errors;

/// <summary>
/// An index cannot be used at the moment (a full disk, a folder that may not be written). What it repeats can still be read from
/// the files themselves, so its callers go there instead of failing.
/// </summary>
internal sealed class IndexUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
