namespace LoopOrchestrator.Core.Clients;

/// <summary>The systems on which applications have their settings in different places.</summary>
internal enum ClientSystem
{
    Linux,
    MacOS,
    Windows,
}
