using LoopOrchestrator.Mcp.Pages.Access;
using LoopOrchestrator.Mcp.Pages.Assets;
using LoopOrchestrator.Mcp.Pages.Audits;
using LoopOrchestrator.Mcp.Pages.Checks;
using LoopOrchestrator.Mcp.Pages.Layout;
using LoopOrchestrator.Mcp.Pages.Live;
using LoopOrchestrator.Mcp.Pages.Memories;
using LoopOrchestrator.Mcp.Pages.ModeList;
using LoopOrchestrator.Mcp.Pages.Now;
using LoopOrchestrator.Mcp.Pages.Runs;
using LoopOrchestrator.Mcp.Pages.Schedules;
using LoopOrchestrator.Mcp.Pages.Serving;
using LoopOrchestrator.Mcp.Pages.SignIn;
using LoopOrchestrator.Mcp.Pages.Times;
using LoopOrchestrator.Mcp.Pages.Todos;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LoopOrchestrator.Mcp.Pages;

/// <summary>The dashboard: pages for a person's browser, of what tools tell clients. Nothing is made before one is asked for.</summary>
internal static class PageEndpoints
{
    // Below it stands what monitors ask.
    private const string Health = "/health";

    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    /// <param name="endpoints">Where they are put.</param>
    /// <param name="judge">Says whether a token counts that somebody signs in with.</param>
    public static void MapPages(this IEndpointRouteBuilder endpoints, ITokenJudge judge)
    {
        endpoints.MapMethods(PagePaths.Assets + "/{name}", Reading, (RequestDelegate)AssetFiles.ServeAsync);
        endpoints.MapGet(PagePaths.Events, (RequestDelegate)EventStream.ServeAsync);
        new SignInPages(judge, endpoints.ServiceProvider.GetRequiredService<PageSessions>()).Map(endpoints);
        NowPages.Map(endpoints);
        SchedulePages.Map(endpoints);
        RunPages.Map(endpoints);
        TimePages.Map(endpoints);
        MemoryPages.Map(endpoints);
        TodoPages.Map(endpoints);
        ModePages.Map(endpoints);
        HealthPages.Map(endpoints);
        AuditPages.Map(endpoints);

        // What is asked below a page and is not there; without this a person would see nothing at all.
        foreach (var item in Navigation.Items.Where(static item => item.Path is not ("/" or Health)))
        {
            endpoints.MapPage(item.Path + "/{**rest}", static _ =>
                Task.FromResult(Notices.Of("Not found", "There is no such page here.", StatusCodes.Status404NotFound))
            );
        }
    }
}
