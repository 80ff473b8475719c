using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace LoopOrchestrator.Mcp.Hosting;

/// <summary>
/// Ends what is still open for a caller who would not be let in any more: a stream goes on for as long as its client likes, and its token
/// is looked at when it is opened. Safe for any number of threads.
/// </summary>
internal sealed class OpenRequests : IDisposable
{
    /// <summary>How often it is looked.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<HttpContext, Func<bool>> _open = new();
    private readonly ITimer _timer;

    /// <param name="time">The clock.</param>
    public OpenRequests(TimeProvider time) => _timer = time.CreateTimer(_ => EndRevoked(), state: null, Interval, Interval);

    /// <summary>Answers a request for as long as its sender may be here.</summary>
    /// <param name="context">The request.</param>
    /// <param name="mayStay">Whether its sender would still be let in; asked on any thread, and again and again.</param>
    /// <param name="next">Answers it.</param>
    public async Task ServeAsync(HttpContext context, Func<bool> mayStay, RequestDelegate next)
    {
        _open[context] = mayStay;
        try
        {
            await next(context);
        }
        finally
        {
            _open.TryRemove(new KeyValuePair<HttpContext, Func<bool>>(context, mayStay));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void EndRevoked()
    {
        foreach (var (context, mayStay) in _open)
        {
            // Out of the list first, and as this request: a context is used again for another one once this one has ended.
            if (!MayStay(mayStay) && _open.TryRemove(new KeyValuePair<HttpContext, Func<bool>>(context, mayStay)))
            {
                context.Abort();
            }
        }
    }

    // A file that cannot be looked at now is looked at again the next time, and whatever else goes wrong does so for one request: what is
    // thrown in a timer ends the process, for all of them.
    private static bool MayStay(Func<bool> mayStay)
    {
        try
        {
            return mayStay();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return true;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Nobody knows whether its sender would be let in; they may ask again.
            return false;
        }
    }
}
