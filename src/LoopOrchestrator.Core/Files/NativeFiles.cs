using System.ComponentModel;
using System.Runtime.InteropServices;
using LoopOrchestrator.Core.Native;
using Microsoft.Win32.SafeHandles;

namespace LoopOrchestrator.Core.Files;

/// <summary>
/// Linux's calls that open a path component by component without following a link, and that work on a folder by its descriptor.
/// </summary>
internal static class NativeFiles
{
    public const int ReadOnly = 0;
    public const int WriteOnly = 1;
    public const int ReadWrite = 2;
    public const int Create = 0x40;
    public const int Exclusive = 0x80;
    public const int Truncate = 0x200;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;
    public const int PathOnly = 0x200000;

    public const int NotPermitted = 1;
    public const int NoEntry = 2;
    public const int NoDevice = 6;
    public const int NoAccess = 13;
    public const int AlreadyThere = 17;
    public const int NoFolder = 20;
    public const int IsFolder = 21;
    public const int FileTooLarge = 27;
    public const int ReadOnlyFileSystem = 30;
    public const int Loop = 40;

    /// <summary>What mkdir(1) asks for; the process's mask takes away from it.</summary>
    public const uint EveryPermission = 0x1FF;

    private const int CurrentFolder = -100;
    private const int Interrupted = 4;
    private const long OpenAt2Number = 437;
    private const ulong NoSymbolicLinks = 0x04;
    private const int OpenHowSize = 3 * sizeof(ulong);

    // ARM and POWER number these two differently (asm/fcntl.h).
    private static readonly bool HasArmNumbers =
        RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm or Architecture.Ppc64le;
    private static readonly Lazy<bool> HasOpenAt2 = new(Probe);

    /// <summary>Whether these calls can be used here; elsewhere paths are looked at before and after opening.</summary>
    public static bool IsUsable { get; } = OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    public static int Directory => HasArmNumbers ? 0x4000 : 0x10000;

    private static int NoFollow => HasArmNumbers ? 0x8000 : 0x20000;

    /// <summary>Opens what is there without following a link below the anchor. -1 and the last error otherwise.</summary>
    public static int Open(GuardedPath path, int flags, int mode = 0)
    {
        if (path.Anchor is null)
        {
            return Retried(() => LibC.OpenAt(CurrentFolder, path.FullPath, flags, mode));
        }

        if (!HasOpenAt2.Value)
        {
            return OpenStepwise(path, flags, mode);
        }

        // Mostly there is no link above the anchor either, and one call tells.
        var direct = OpenWithout(CurrentFolder, path.FullPath, flags, mode);
        return direct >= 0 || Marshal.GetLastPInvokeError() != Loop
            ? direct
            : Below(path, folder => OpenWithout(folder, path.Relative, flags, mode));
    }

    /// <summary>
    /// As <see cref="Open"/> for a kernel without openat2(2): a descriptor for each folder on the way, none of which may be a link.
    /// </summary>
    internal static int OpenStepwise(GuardedPath path, int flags, int mode) => Below(path, anchor =>
        {
            var segments = path.Relative.Split('/');
            var folder = anchor;
            try
            {
                foreach (var segment in segments[..^1])
                {
                    var next = Retried(() => LibC.OpenAt(folder, segment, PathOnly | Directory | NoFollow | CloseOnExec, 0));
                    var error = Marshal.GetLastPInvokeError();
                    if (folder != anchor)
                    {
                        _ = LibC.Close(folder);
                    }

                    folder = next;
                    if (next < 0)
                    {
                        Marshal.SetLastPInvokeError(error);
                        return -1;
                    }
                }

                return Retried(() => LibC.OpenAt(folder, segments[^1], flags | NoFollow, mode));
            }
            finally
            {
                if (folder != anchor && folder >= 0)
                {
                    Release(folder);
                }
            }
        });

    /// <summary>Opens an entry of an open folder, which is no link.</summary>
    public static int OpenEntry(SafeFileHandle folder, string name, int flags, int mode) =>
        Retried(() => LibC.OpenAt(folder, name, flags | NoFollow, mode));

    public static string Describe(int error) => new Win32Exception(error).Message;

    private static int Below(GuardedPath path, Func<int, int> open)
    {
        var folder = Retried(() => LibC.OpenAt(CurrentFolder, path.Anchor!, PathOnly | Directory | CloseOnExec, 0));
        if (folder < 0)
        {
            return -1;
        }

        var opened = open(folder);
        Release(folder);
        return opened;
    }

    // Closing must not hide why the call before it failed.
    private static void Release(int descriptor)
    {
        var error = Marshal.GetLastPInvokeError();
        _ = LibC.Close(descriptor);
        Marshal.SetLastPInvokeError(error);
    }

    private static int OpenWithout(int folder, string path, int flags, int mode)
    {
        // The kernel refuses a mode where nothing can be created.
        var how = new LibC.OpenHow
        {
            Flags = (ulong)(uint)flags,
            Mode = (flags & Create) != 0 ? (ulong)mode : 0,
            Resolve = NoSymbolicLinks,
        };
        return Retried(() => (int)LibC.OpenAt2(OpenAt2Number, folder, path, ref how, OpenHowSize));
    }

    private static int Retried(Func<int> call)
    {
        while (true)
        {
            var result = call();
            if (result >= 0 || Marshal.GetLastPInvokeError() != Interrupted)
            {
                return result;
            }
        }
    }

    // Kernels before 5.6 do not know the call, and some containers forbid what they do not know.
    private static bool Probe()
    {
        var descriptor = OpenWithout(CurrentFolder, "/", PathOnly | Directory | CloseOnExec, 0);
        if (descriptor >= 0)
        {
            _ = LibC.Close(descriptor);
        }

        return descriptor >= 0;
    }
}
