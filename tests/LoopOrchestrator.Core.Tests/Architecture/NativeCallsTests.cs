using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Testing.Architecture;
using LoopOrchestrator.Testing.Processes;

namespace LoopOrchestrator.Core.Tests.Architecture;

/// <summary>
/// Signatures of the system's calls stand in one place, a file for each system: whoever checks or ports them reads no other.
/// </summary>
public sealed class NativeCallsTests
{
    [Fact]
    public void DeclaringTypes_OfCore_AreOneForEachSystem() =>
        NativeCalls
            .DeclaringTypes(typeof(WorkspacePaths).Assembly.Location)
            .Should()
            .Equal("LoopOrchestrator.Core.Native.Kernel32", "LoopOrchestrator.Core.Native.LibC");

    [Fact]
    public void DeclaringTypes_OfATypeElsewhere_NamesIt() =>
        NativeCalls.DeclaringTypes(typeof(LinuxProcesses).Assembly.Location).Should().Contain(typeof(LinuxProcesses).FullName);
}
