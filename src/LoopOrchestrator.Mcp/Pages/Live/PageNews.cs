using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Logs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Mcp.Pages.Live;

/// <summary>
/// Tells open pages that something may have changed: when a file of the workspace changes or another process rings, and when a run that
/// goes on has printed something. It looks once for all of them, and not at all while no page is open. What a page was not told yet is one
/// number, so nothing piles up for one that does not read. Safe for any number of threads.
/// </summary>
internal sealed partial class PageNews : IDisposable
{
    /// <summary>What changes together is told together, and no page is renewed more often.</summary>
    public static readonly TimeSpan Together = TimeSpan.FromSeconds(1);

    /// <summary>How often it is looked what runs have printed, for which nobody rings.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>After this long it looks again where it could not.</summary>
    public static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(15);

    private const int MaxRuns = 50;

    private readonly Workspace _workspace;
    private readonly ILogger _logger;
    private readonly Func<Action, IDisposable> _watch;
    private readonly CancellationTokenSource _ending;
    private readonly Lock _gate = new();
    private TaskCompletionSource _next = NewSignal();
    private long _number;
    private int _readers;
    private bool _isWatching;
    private long _isDirty;
    private string? _trouble;

    public PageNews(Workspace workspace, IHostApplicationLifetime lifetime, ILogger<PageNews> logger)
        : this(workspace, workspace.Watch, logger, lifetime.ApplicationStopping) { }

    /// <param name="workspace">What pages are about.</param>
    /// <param name="watch">Begins to watch its files, and calls whenever one has changed.</param>
    /// <param name="logger">Where it is told that pages are told nothing.</param>
    /// <param name="stopping">Ends with the server.</param>
    internal PageNews(Workspace workspace, Func<Action, IDisposable> watch, ILogger logger, CancellationToken stopping)
    {
        _workspace = workspace;
        _watch = watch;
        _logger = logger;
        _ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
    }

    /// <summary>Ends when the server does.</summary>
    public CancellationToken Ending => _ending.Token;

    /// <summary>How many pages are open.</summary>
    public int Readers
    {
        get
        {
            lock (_gate)
            {
                return _readers;
            }
        }
    }

    /// <summary>The number of the latest news.</summary>
    public long Number
    {
        get
        {
            lock (_gate)
            {
                return _number;
            }
        }
    }

    /// <summary>A page is open, until this is disposed of.</summary>
    public IDisposable Open()
    {
        lock (_gate)
        {
            _readers++;
            if (!_isWatching)
            {
                _isWatching = true;
                _ = Task.Run(() => WatchAsync(_ending.Token), CancellationToken.None);
            }
        }

        return new Reader(this);
    }

    /// <summary>Waits for news behind a number.</summary>
    /// <returns>The number of the latest; whatever came between is told with it.</returns>
    public async Task<long> WaitAsync(long after, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next;
            lock (_gate)
            {
                if (_number > after)
                {
                    return _number;
                }

                next = _next.Task;
            }

            await next.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Tells of something at once; for what this process changes itself.</summary>
    public void Publish()
    {
        TaskCompletionSource told;
        lock (_gate)
        {
            _number++;
            told = _next;
            _next = NewSignal();
        }

        told.SetResult();
    }

    public void Dispose()
    {
        _ending.Cancel();
        _ending.Dispose();
    }

    private void Close()
    {
        lock (_gate)
        {
            _readers--;
        }
    }

    // Until no page is open. What goes wrong with it is told once and tried again: nobody else looks for the pages.
    private async Task WatchAsync(CancellationToken ending)
    {
        while (!ending.IsCancellationRequested)
        {
            try
            {
                await PollAsync(ending);
                return;
            }
            catch (OperationCanceledException) when (ending.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                if (exception.Message != _trouble)
                {
                    Log.NotTold(_logger, exception);
                }

                _trouble = exception.Message;
            }

            await Task.Delay(AfterTrouble, _workspace.Time, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

            // Whatever has changed meanwhile.
            Publish();
        }
    }

    // Where one look takes long, the next one waits for it: pages are told later, and nothing else waits.
    private async Task PollAsync(CancellationToken ending)
    {
        using var watch = _watch(() => Interlocked.Exchange(ref _isDirty, 1));
        var printed = "";
        var sinceLook = Interval;
        while (IsWanted())
        {
            await Task.Delay(Together, _workspace.Time, ending);
            sinceLook += Together;
            var isDirty = Interlocked.Exchange(ref _isDirty, 0) == 1;
            if (sinceLook >= Interval)
            {
                sinceLook = TimeSpan.Zero;
                var now = await PrintedAsync(ending);
                isDirty |= now != printed;
                printed = now;
            }

            if (isDirty)
            {
                Publish();
            }

            _trouble = null;
        }
    }

    private bool IsWanted()
    {
        lock (_gate)
        {
            return _isWatching = _readers > 0;
        }
    }

    private async Task<string> PrintedAsync(CancellationToken cancellationToken)
    {
        try
        {
            var runs = await _workspace.Runs.ListAsync(new RunFilter { State = RunState.Running, Limit = MaxRuns }, cancellationToken);
            return string.Join(',', runs.Select(run => $"{run.Id}:{Length(_workspace.Runs.OutputFile(run))}"));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // It is looked again, and the pages say themselves what is wrong.
            return "";
        }
    }

    private static long Length(string file) => new FileInfo(file) is { Exists: true } info ? info.Length : 0;

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Reader(PageNews news) : IDisposable
    {
        private int _isClosed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isClosed, 1) == 0)
            {
                news.Close();
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogEvents.PagesNotTold, LogLevel.Error, "It could not be looked what open pages are to be told; it is tried again")]
        public static partial void NotTold(ILogger logger, Exception exception);
    }
}
