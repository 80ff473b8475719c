using System.Text.Json;
using System.Threading.Channels;
using System.Threading.RateLimiting;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Journals;
using LoopOrchestrator.Core.Logs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Mcp.Audit;

/// <summary>
/// Who did what over HTTP, when and with what outcome: <c>.loop/logs/audit.jsonl</c>. Whoever tells it something goes on at once; lines
/// that cannot be written, or come faster than they are, are counted and told, and no call waits for or fails by them.
/// </summary>
internal sealed partial class AuditLog : IHostedService, IDisposable
{
    /// <summary>The most bytes of one file.</summary>
    public const long MaxFileBytes = 5 * 1024 * 1024;

    /// <summary>How many files are kept, the one that is written included.</summary>
    public const int FilesKept = 5;

    private const int MaxWaiting = 4_096;
    private const int MaxBatchBytes = 64 * 1024;

    // Refusals cost their sender nothing, so they may not push out what was done.
    private const int RefusalsPerMinute = 60;
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(1);

    // Of errno(3) and of Windows.
    private const int NoSpace = 28;
    private const int DiskFull = unchecked((int)0x80070070);

    private readonly RollingLog _file;
    private readonly TimeProvider _time;
    private readonly ILogger<AuditLog> _logger;
    private readonly Channel<AuditEntry> _waiting = Channel.CreateBounded<AuditEntry>(
        new BoundedChannelOptions(MaxWaiting) { SingleReader = true }
    );
    private readonly TokenBucketRateLimiter _refusals = new(
        new TokenBucketRateLimiterOptions
        {
            TokenLimit = RefusalsPerMinute,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromMinutes(1) / RefusalsPerMinute,
            AutoReplenishment = false,
        }
    );
    private Task _writing = Task.CompletedTask;
    private long _leftOut;

    public AuditLog(WorkspacePaths paths, TimeProvider time, ILogger<AuditLog> logger)
    {
        _file = Of(paths);
        Name = paths.Display(_file.CurrentFile);
        _time = time;
        _logger = logger;
    }

    /// <summary>The file, as people of this workspace know it.</summary>
    public string Name { get; }

    /// <summary>
    /// Why the last lines could not be written, for whoever may ask: without any path, which links could lead out of the workspace;
    /// <see langword="null"/> when they could.
    /// </summary>
    public string? Problem { get; private set; }

    /// <summary>The files that hold it.</summary>
    public static RollingLog Of(WorkspacePaths paths) => new(paths, "audit", MaxFileBytes, FilesKept);

    /// <summary>Tells what was done. Returns at once, and never throws.</summary>
    public void Add(AuditEntry entry)
    {
        if (!_waiting.Writer.TryWrite(entry))
        {
            Interlocked.Increment(ref _leftOut);
        }
    }

    /// <summary>Tells of a request that was refused before anything was done: some of them, where there are many.</summary>
    public void AddRefusal(string who, string? tokenId, string? address, string what, int status)
    {
        _refusals.TryReplenish();
        using var lease = _refusals.AttemptAcquire();
        if (lease.IsAcquired)
        {
            Add(new AuditEntry(_time.GetUtcNow(), who, tokenId, address, what, Ids: null, "refused", status, Milliseconds: null));
        }
        else
        {
            Interlocked.Increment(ref _leftOut);
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _writing = Task.Run(WriteAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _waiting.Writer.TryComplete();
        try
        {
            await _writing.WaitAsync(EndLimit, _time, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            Log.NotWritten(_logger, "the server ends, and the disk does not answer");
        }
    }

    public void Dispose() => _refusals.Dispose();

    private async Task WriteAsync()
    {
        var lines = new MemoryStream();
        while (await _waiting.Reader.WaitToReadAsync())
        {
            lines.SetLength(0);
            long count = 0;
            while (lines.Length < MaxBatchBytes && _waiting.Reader.TryRead(out var entry))
            {
                var leftOut = Interlocked.Exchange(ref _leftOut, 0);
                JsonSerializer.Serialize(lines, leftOut > 0 ? entry with { LeftOut = leftOut } : entry, AuditJson.Default.AuditEntry);
                lines.WriteByte((byte)'\n');
                count += 1 + leftOut;
            }

            await AppendAsync(lines, count);
        }
    }

    private async Task AppendAsync(MemoryStream lines, long count)
    {
        try
        {
            await _file.AppendAsync(lines.GetBuffer().AsMemory(0, (int)lines.Length));
            Problem = null;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Whatever it is: without this task nothing would be written any more, and nobody would be told.
            Interlocked.Add(ref _leftOut, count);
            if (Problem is null)
            {
                Log.NotWritten(_logger, exception.Message);
            }

            Problem = Describe(exception);
        }
    }

    private string Describe(Exception exception) =>
        exception switch
        {
            UnauthorizedAccessException => "this user may not write it",
            DirectoryNotFoundException => "its folder is not there",
            IOException { HResult: NoSpace or DiskFull } => "the disk is full",
            _ => _file.FindProblem()
                ?? (exception is UserErrorException ? "another process keeps it to itself" : "the disk or the file does not take it"),
        };

    private static partial class Log
    {
        [LoggerMessage(LogEvents.AuditNotWritten, LogLevel.Warning, "Lines of the audit log could not be written: {Reason}")]
        public static partial void NotWritten(ILogger logger, string reason);
    }
}
