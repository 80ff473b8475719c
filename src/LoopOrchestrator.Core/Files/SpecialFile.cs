using System.Runtime.InteropServices;
using LoopOrchestrator.Core.Native;
using Microsoft.Win32.SafeHandles;

namespace LoopOrchestrator.Core.Files;

/// <summary>
/// Distinguishes devices, pipes and sockets from files, and one file from another. Opening a special file can block for ever, and a rename
/// would
/// put a file in its place; .NET does not tell them apart. Linux only; elsewhere nothing counts as special.
/// </summary>
internal static class SpecialFile
{
    private const int CurrentFolder = -100;
    private const int EmptyPath = 0x1000;
    private const uint WantType = 0x1;
    private const uint WantNumber = 0x100;
    private const uint WantChange = 0x80;
    private const int NoFollow = 0x100;

    // struct statx has one layout on every architecture, unlike struct stat (statx(2)).
    private const int StatxSize = 256;
    private const uint WantOwner = 0x8;
    private const int OwnerOffset = 20;
    private const int ModeOffset = 28;
    private const int NumberOffset = 32;
    private const int DeviceOffset = 136;
    private const int ChangeOffset = 96;
    private const int TypeMask = 0xF000;
    private const int Regular = 0x8000;
    private const int Folder = 0x4000;
    private const int NoEntry = 2;
    private const int NoFolder = 20;

    /// <summary>
    /// Throws when the path leads to something that is neither a file nor a folder; links are followed, what is missing passes.
    /// </summary>
    /// <returns>Whether it is missing for sure. Off Linux the answer is always no.</returns>
    /// <exception cref="IOException">It does.</exception>
    public static bool Refuse(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        Span<byte> buffer = stackalloc byte[StatxSize];
        if (LibC.Statx(CurrentFolder, path, 0, WantType, ref buffer[0]) != 0)
        {
            return Marshal.GetLastPInvokeError() is NoEntry or NoFolder;
        }

        return (MemoryMarshal.Read<ushort>(buffer[ModeOffset..]) & TypeMask) is Regular or Folder
            ? false
            : throw new IOException($"{path} is a device, pipe or socket and not a file");
    }

    /// <summary>What an open descriptor is.</summary>
    internal enum Kind
    {
        /// <summary>A device, pipe or socket.</summary>
        Special,

        /// <summary>A file.</summary>
        File,

        /// <summary>A folder.</summary>
        Folder,
    }

    /// <summary>What was opened. Linux only.</summary>
    internal static Kind KindOf(SafeFileHandle file)
    {
        Span<byte> buffer = stackalloc byte[StatxSize];
        return LibC.Statx(file, "", EmptyPath, WantType, ref buffer[0]) != 0
            ? Kind.Special
            : (MemoryMarshal.Read<ushort>(buffer[ModeOffset..]) & TypeMask) switch
            {
                Regular => Kind.File,
                Folder => Kind.Folder,
                _ => Kind.Special,
            };
    }

    /// <summary>
    /// What tells the file that a path leads to from any other, as long as it exists; <see langword="null"/> where there is none, and off
    /// Linux.
    /// </summary>
    internal static UInt128? Identity(string path)
    {
        Span<byte> buffer = stackalloc byte[StatxSize];
        return OperatingSystem.IsLinux() && LibC.Statx(CurrentFolder, path, 0, WantNumber, ref buffer[0]) == 0 ? Identity(buffer) : null;
    }

    /// <summary>The number of the user who owns what a path leads to; <see langword="null"/> where there is none, and off Linux.</summary>
    internal static uint? Owner(string path)
    {
        Span<byte> buffer = stackalloc byte[StatxSize];
        return OperatingSystem.IsLinux() && LibC.Statx(CurrentFolder, path, 0, WantOwner, ref buffer[0]) == 0
            ? MemoryMarshal.Read<uint>(buffer[OwnerOffset..])
            : null;
    }

    /// <summary>
    /// When a file, folder or link itself was last changed in its content, name or rights (its ctime, which no program can set);
    /// <see langword="null"/> where there is none, and off Linux.
    /// </summary>
    internal static DateTimeOffset? ChangedAt(string path)
    {
        Span<byte> buffer = stackalloc byte[StatxSize];
        if (!OperatingSystem.IsLinux() || LibC.Statx(CurrentFolder, path, NoFollow, WantChange, ref buffer[0]) != 0)
        {
            return null;
        }

        var (seconds, nanoseconds) = (
            MemoryMarshal.Read<long>(buffer[ChangeOffset..]),
            MemoryMarshal.Read<uint>(buffer[(ChangeOffset + sizeof(long))..])
        );
        return DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
    }

    /// <summary>As <see cref="Identity(string)"/> for an open file.</summary>
    internal static UInt128? Identity(SafeFileHandle file)
    {
        Span<byte> buffer = stackalloc byte[StatxSize];
        return OperatingSystem.IsLinux() && LibC.Statx(file, "", EmptyPath, WantNumber, ref buffer[0]) == 0 ? Identity(buffer) : null;
    }

    /// <summary>
    /// Whether a path, with links followed, leads to the file that <paramref name="file"/> has open. Off Linux the answer is always no.
    /// </summary>
    internal static bool IsOpen(string path, SafeFileHandle file) => Identity(file) is { } open && Identity(path) == open;

    private static UInt128 Identity(ReadOnlySpan<byte> told) =>
        new(MemoryMarshal.Read<ulong>(told[DeviceOffset..]), MemoryMarshal.Read<ulong>(told[NumberOffset..]));
}
