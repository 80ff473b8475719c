using System.Text;
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
        var news = context.RequestServices.GetRequiredService<PageNews>();
        var time = context.RequestServices.GetRequiredService<TimeProvider>();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, news.Ending);
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        using var open = news.Open();
        var number = news.Number;
        try
        {
            await WriteAsync(context, Begin, time, ending.Token);
            while (true)
            {
                if (await NextAsync(news, number, time, ending.Token) is { } next)
                {
                    number = next;
                    await WriteAsync(context, Encoding.UTF8.GetBytes($"event: changed\nid: {next}\ndata: {next}\n\n"), time, ending.Token);
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
    }

    private static async Task<long?> NextAsync(PageNews news, long number, TimeProvider time, CancellationToken cancellationToken)
    {
        using var beat = new CancellationTokenSource(Beat, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(beat.Token, cancellationToken);
        try
        {
            return await news.WaitAsync(number, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static async Task WriteAsync(HttpContext context, byte[] bytes, TimeProvider time, CancellationToken cancellationToken)
    {
        // Whatever of it is not taken is dropped with the connection.
        await context.Response.Body.WriteAsync(bytes, cancellationToken).AsTask().WaitAsync(MaxWrite, time, cancellationToken);
        await context.Response.Body.FlushAsync(cancellationToken).WaitAsync(MaxWrite, time, cancellationToken);
    }
}
