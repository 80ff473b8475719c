using System.Text;
using LoopOrchestrator.Mcp.Served;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace LoopOrchestrator.Mcp.Pages.Live;

/// <summary>
/// The stream of server-sent events of a browser: that something has changed, and now and then that the server is there. It holds a number
/// and nothing else; a browser that takes nothing of it for a while is cut off.
/// </summary>
internal static class EventStream
{
    /// <summary>How often a stream without news says that it lives: proxies close what is silent, and who has gone is found so.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);

    /// <summary>How long a browser may take to read one event.</summary>
    public static readonly TimeSpan MaxWrite = TimeSpan.FromSeconds(10);

    private static readonly byte[] Begin = Encoding.UTF8.GetBytes("retry: 3000\n\n");
    private static readonly byte[] Alive = Encoding.UTF8.GetBytes(": alive\n\n");

    public static async Task ServeAsync(HttpContext context)
    {
        var all = NewsFor(context);
        var time = context.RequestServices.GetRequiredService<TimeProvider>();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, all[0].Ending);
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        List<PageReader> open = [.. all.Select(static news => news.Open())];
        long[] seen = [.. open.Select(static one => one.Number)];
        try
        {
            await WriteAsync(context, Begin, time, ending.Token);
            while (true)
            {
                if (await HasChangedAsync(open, seen, time, ending.Token))
                {
                    seen = [.. open.Select(static one => one.Number)];
                    var number = seen.Sum();
                    var changed = Encoding.UTF8.GetBytes($"event: changed\nid: {number}\ndata: {number}\n\n");
                    await WriteAsync(context, changed, time, ending.Token);
                }
                else
                {
                    await WriteAsync(context, Alive, time, ending.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The browser has gone, its token counts no more, or the server ends.
        }
        catch (TimeoutException)
        {
            context.Abort();
        }
        finally
        {
            open.ForEach(static one => one.Dispose());
        }
    }

    // The page of all workspaces of a server of several hears of each; every other page of its own.
    private static List<PageNews> NewsFor(HttpContext context) =>
        context.Request.PathBase.HasValue || context.RequestServices.GetService<ServedWorkspaces>() is not { } served
            ? [context.RequestServices.GetRequiredService<PageNews>()]
            :
            [
                .. served
                    .All.Select(static one => one.Services)
                    .Prepend(context.RequestServices)
                    .OfType<IServiceProvider>()
                    .Select(static services => services.GetRequiredService<PageNews>())
                    .Distinct(),
            ];

    private static async Task<bool> HasChangedAsync(
        List<PageReader> all,
        long[] seen,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        using var beat = new CancellationTokenSource(Beat, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(beat.Token, cancellationToken);
        try
        {
            List<Task> waits = [.. all.Select((one, index) => one.WaitAsync(seen[index], either.Token))];
            await await Task.WhenAny(waits);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            // Those that nothing came of.
            await either.CancelAsync();
        }
    }

    private static async Task WriteAsync(HttpContext context, byte[] bytes, TimeProvider time, CancellationToken cancellationToken)
    {
        // It is sent with that. Whatever of it is not taken is dropped with the connection.
        await context.Response.BodyWriter.WriteAsync(bytes, cancellationToken).AsTask().WaitAsync(MaxWrite, time, cancellationToken);
    }
}
