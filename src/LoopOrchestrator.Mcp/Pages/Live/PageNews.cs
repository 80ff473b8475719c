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

    /// <summary>Pages are told in so many groups, one after another: the first eight at once, and the last half a second later.</summary>
    public const int Groups = 26;

    /// <summary>How long after a group the next one is told.</summary>
    public static readonly TimeSpan BetweenGroups = TimeSpan.FromMilliseconds(20);

    // A person's tabs are told at once. Hundreds that are told in the same moment would take the processors from what is due then.
    private const int GroupSize = 8;

    /// <summary>From so many pages on, what they took is given back to the system when all are closed.</summary>
    public const int ManyReaders = 32;

    /// <summary>How long after they were closed: until then the web server keeps the buffers of their connections for others.</summary>
    public static readonly TimeSpan AfterMany = TimeSpan.FromSeconds(15);

    private const int MaxRuns = 50;

    private readonly Workspace _workspace;
    private readonly ILogger _logger;
    private readonly Func<Action, IDisposable> _watch;
    private readonly Action _giveBack;
    private readonly CancellationTokenSource _ending;
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource[] _next = [.. Enumerable.Range(0, Groups).Select(static _ => NewSignal())];
    private readonly long[] _told = new long[Groups];
    private readonly int[] _inGroup = new int[Groups];
    private long _number;
    private bool _isPublishing;
    private int _readers;
    private int _peakReaders;
    private bool _isWatching;
    private long _isDirty;
    private string? _trouble;

    public PageNews(Workspace workspace, IHostApplicationLifetime lifetime, ILogger<PageNews> logger)
        : this(workspace, workspace.Watch, GiveBack, logger, lifetime.ApplicationStopping) { }

    /// <param name="workspace">What pages are about.</param>
    /// <param name="watch">Begins to watch its files, and calls whenever one has changed.</param>
    /// <param name="giveBack">Gives memory that is not used any more back to the system.</param>
    /// <param name="logger">Where it is told that pages are told nothing.</param>
    /// <param name="stopping">Ends with the server.</param>
    internal PageNews(
        Workspace workspace,
        Func<Action, IDisposable> watch,
        Action giveBack,
        ILogger logger,
        CancellationToken stopping
    )
    {
        _workspace = workspace;
        _watch = watch;
        _giveBack = giveBack;
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
    public PageReader Open()
    {
        int group;
        lock (_gate)
        {
            group = _readers / GroupSize % Groups;
            _readers++;
            _inGroup[group]++;
            _peakReaders = Math.Max(_peakReaders, _readers);
            if (!_isWatching)
            {
                _isWatching = true;
                _ = Task.Run(() => WatchAsync(_ending.Token), CancellationToken.None);
            }
        }

        return new PageReader(this, group);
    }

    /// <summary>The number of the latest news that a group was told.</summary>
    internal long NumberOf(int group)
    {
        lock (_gate)
        {
            return _told[group];
        }
    }

    /// <summary>Waits until a group is told of news behind a number; whatever came between is told with it.</summary>
    internal async Task WaitAsync(int group, long after, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next;
            lock (_gate)
            {
                if (_told[group] > after)
                {
                    return;
                }

                next = _next[group].Task;
            }

            await next.WaitAsync(cancellationToken);
        }
    }

    /// <summary>A page was closed.</summary>
    internal void Close(int group)
    {
        lock (_gate)
        {
            _readers--;
            _inGroup[group]--;
        }
    }

    /// <summary>Tells of something at once; for what this process changes itself.</summary>
    public void Publish()
    {
        bool isPublishing;
        lock (_gate)
        {
            _number++;
            (isPublishing, _isPublishing) = (_isPublishing, true);
        }

        PublishTo(0);
        if (!isPublishing)
        {
            _ = PublishToOthersAsync();
        }
    }

    public void Dispose()
    {
        _ending.Cancel();
        _ending.Dispose();
    }

    private void PublishTo(int group)
    {
        TaskCompletionSource told;
        lock (_gate)
        {
            if (_told[group] == _number)
            {
                return;
            }

            _told[group] = _number;
            told = _next[group];
            _next[group] = NewSignal();
        }

        told.SetResult();
    }

    // On and on where something has come meanwhile, so that no group waits for ever behind those before it.
    private async Task PublishToOthersAsync()
    {
        for (var group = NextUntold(0); group is { } next; group = NextUntold(next + 1))
        {
            if (HasReaders(next))
            {
                await Task.Delay(BetweenGroups, _workspace.Time, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            PublishTo(next);
        }
    }

    private int? NextUntold(int from)
    {
        lock (_gate)
        {
            for (var step = 0; step < Groups; step++)
            {
                var group = (from + step) % Groups;
                if (_told[group] < _number)
                {
                    return group;
                }
            }

            _isPublishing = false;
            return null;
        }
    }

    private bool HasReaders(int group)
    {
        lock (_gate)
        {
            return _inGroup[group] > 0;
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
                await GiveBackAsync(ending);
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

    // The collector runs when something is asked of it, and a server that nobody looks at any more asks for little: hundreds of pages that
    // are gone would be kept for hours.
    private async Task GiveBackAsync(CancellationToken ending)
    {
        if (!WereMany())
        {
            return;
        }

        await Task.Delay(AfterMany, _workspace.Time, ending);
        lock (_gate)
        {
            if (_readers > 0)
            {
                // Whoever looks for them gives it back.
                return;
            }

            _peakReaders = 0;
        }

        _giveBack();
    }

    private bool WereMany()
    {
        lock (_gate)
        {
            return _peakReaders >= ManyReaders;
        }
    }

    private static void GiveBack() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

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

    private static partial class Log
    {
        [LoggerMessage(LogEvents.PagesNotTold, LogLevel.Error, "It could not be looked what open pages are to be told; it is tried again")]
        public static partial void NotTold(ILogger logger, Exception exception);
    }
}
