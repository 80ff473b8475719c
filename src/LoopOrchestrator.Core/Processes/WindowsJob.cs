using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using LoopOrchestrator.Core.Native;
using Microsoft.Win32.SafeHandles;

namespace LoopOrchestrator.Core.Processes;

/// <summary>
/// A job object of Windows: a process put into it and everything that this process starts from then on, which end together, also when
/// whoever holds the job dies.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsJob : IDisposable
{
    private const int BasicAccounting = 1;
    private const int ExtendedLimits = 9;
    private const uint KillOnClose = 0x2000;

    private readonly SafeFileHandle _job;

    /// <exception cref="Win32Exception">The system refused.</exception>
    public WindowsJob()
    {
        _job = Kernel32.CreateJobObject(0, null);
        var limits = new Kernel32.ExtendedLimitInformation { Basic = new Kernel32.BasicLimitInformation { LimitFlags = KillOnClose } };
        var size = (uint)Marshal.SizeOf<Kernel32.ExtendedLimitInformation>();
        if (_job.IsInvalid || !Kernel32.SetInformationJobObject(_job, ExtendedLimits, in limits, size))
        {
            var error = Marshal.GetLastPInvokeError();
            _job.Dispose();
            throw new Win32Exception(error);
        }
    }

    /// <summary>How many processes of the job are alive.</summary>
    /// <exception cref="Win32Exception">The system refused.</exception>
    public int Alive
    {
        get
        {
            var size = (uint)Marshal.SizeOf<Kernel32.AccountingInformation>();
            return Kernel32.QueryInformationJobObject(_job, BasicAccounting, out var accounting, size, 0)
                ? (int)accounting.ActiveProcesses
                : throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Puts a process into the job. Children that it started before are not in it.</summary>
    /// <exception cref="Win32Exception">The system refused, for example because the process has ended.</exception>
    public void Add(SafeProcessHandle process)
    {
        if (!Kernel32.AssignProcessToJobObject(_job, process))
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Ends all of its processes at once; Windows has no polite signal for programs without a window.</summary>
    /// <exception cref="Win32Exception">The system refused.</exception>
    public void End()
    {
        if (!Kernel32.TerminateJobObject(_job, 1))
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    public void Dispose() => _job.Dispose();
}
