using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LoopOrchestrator.Mcp.Doctor;

/// <summary>What this program is, and what of its promises this system cannot hold.</summary>
/// <param name="System"><c>linux</c>, <c>macos</c>, <c>windows</c>, or <c>other</c>.</param>
/// <param name="Runtime">The system and processor as .NET names them, such as <c>linux-x64</c>.</param>
/// <param name="Native">Whether it is the native program, or one that its runtime compiles as it goes.</param>
/// <param name="Limits">What does not hold here, each with what does in its place.</param>
internal sealed record DoctorPlatform(string System, string Runtime, bool Native, IReadOnlyList<string> Limits)
{
    public static DoctorPlatform Here()
    {
        var system =
            OperatingSystem.IsLinux() ? "linux"
            : OperatingSystem.IsMacOS() ? "macos"
            : OperatingSystem.IsWindows() ? "windows"
            : "other";
        return new DoctorPlatform(
            system,
            RuntimeInformation.RuntimeIdentifier,
            !RuntimeFeature.IsDynamicCodeSupported,
            PlatformPromise.MissingOn(system)
        );
    }

    /// <summary>As a line for people.</summary>
    public override string ToString() =>
        $"{Runtime}, {(Native ? "native" : "with the .NET runtime")}; "
        + (
            System == "linux" ? "all that is promised holds here"
            : System == "other" ? "nothing is known of this system: it was neither built for it nor run on it"
            : Limits.Count == 1 ? "one promise holds only in part:"
            : $"{Limits.Count} promises hold only in part:"
        );
}
