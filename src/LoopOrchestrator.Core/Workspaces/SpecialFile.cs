using System.Runtime.InteropServices;

namespace LoopOrchestrator.Core.Workspaces;

/// <summary>
/// Tells devices, pipes and sockets from files. Opening one can block for ever, and a rename would put a file in its place; .NET does
/// not tell them apart. Linux only; elsewhere nothing counts as special.
/// </summary>
public static partial class SpecialFile
{
    private const int CurrentFolder = -100;
    private const uint WantType = 1;
    private const int ModeOffset = 28;
    private const int TypeMask = 0xF000;
    private const int Regular = 0x8000;
    private const int Folder = 0x4000;

    /// <summary>Throws when the path leads to something that is neither a file nor a folder; links are followed, what is missing passes.</summary>
    /// <exception cref="IOException">It does.</exception>
    public static void Refuse(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        // struct statx has one layout on every architecture, unlike struct stat (statx(2)).
        Span<byte> buffer = stackalloc byte[256];
        if (Statx(CurrentFolder, path, 0, WantType, ref MemoryMarshal.GetReference(buffer)) == 0
            && (MemoryMarshal.Read<ushort>(buffer[ModeOffset..]) & TypeMask) is not (Regular or Folder))
        {
            throw new IOException($"{path} is a device, pipe or socket and not a file");
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, ref byte buffer);
}
