using System.Security.Cryptography;
using LoopOrchestrator.Core;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Pages.Access;
using LoopOrchestrator.Mcp.Pages.Layout;
using LoopOrchestrator.Mcp.Tools.Calls;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LoopOrchestrator.Mcp.Pages.Serving;

/// <summary>What a page is asked with: who asks, for which workspace, at which moment.</summary>
/// <param name="context">The request.</param>
internal sealed class PageRequest(HttpContext context)
{
    /// <summary>The most characters of a value in an address.</summary>
    private const int MaxValue = 500;

    private const int IdLength = 32;

    private Workspace? _workspace;
    private DateTimeOffset? _now;

    public HttpContext Context => context;

    public Workspace Workspace => _workspace ??= context.RequestServices.GetRequiredService<Workspace>();

    /// <summary>The clock.</summary>
    public TimeProvider Time => context.RequestServices.GetRequiredService<TimeProvider>();

    /// <summary>The moment, the same for all of the page.</summary>
    public DateTimeOffset Now => _now ??= Workspace.Time.GetUtcNow();

    /// <summary>The zone in which moments are shown: the server's, as on its command line.</summary>
    public TimeZoneInfo Zone => Workspace.Time.LocalTimeZone;

    /// <summary>What the visitor may do; <see langword="null"/> for one who needed no token, and may do everything.</summary>
    public AccessGrant? Grant => AccessGrant.Of(context.User);

    /// <summary>Whether the visitor is let in: everywhere but where one signs in.</summary>
    public bool IsInside { get; init; } = true;

    /// <summary>Ends with the visitor's wish to see it.</summary>
    public CancellationToken Aborted => context.RequestAborted;

    /// <summary>A value of the address; <see langword="null"/> where it is not there, or nothing.</summary>
    public string? Query(string name) =>
        context.Request.Query.TryGetValue(name, out var values) && values is [{ Length: > 0 and <= MaxValue } value] ? value : null;

    /// <summary>Whether the visitor's token lets them do what a tool does.</summary>
    public bool May(string tool) => ToolScopes.Allows(Grant, tool);

    /// <summary>A form of one button; nothing for a visitor who may not do it.</summary>
    /// <param name="action">What it does.</param>
    /// <param name="target">Where it is sent.</param>
    /// <param name="fields">What it sends.</param>
    internal Html Button(PageButton action, PageUrl target, params ReadOnlySpan<(string Name, string Value)> fields)
    {
        if (!May(action.Tool))
        {
            return Html.None;
        }

        var hidden = new List<Html>();
        foreach (var (name, value) in fields)
        {
            hidden.Add(Html.Of($"""<input type="hidden" name="{name}" value="{value}">"""));
        }

        return Html.Of(
            $"""
            <form class="inline" method="post" action="{target}">{TokenField}{Html.If(
                action.IsDoneOnce,
                $"{OnceField}"
            )}{hidden}<button{Html.If(
                action.Id is not null,
                $" id=\"{action.Id}\""
            )} class="{action.Style}"{Html.If(action.Key is not null, $" data-key=\"{action.Key}\"")}>{action.Label}{Html.If(
                action.About is not null,
                $"<span class=\"hidden\"> {action.About}</span>"
            )}{Html.If(action.Key is not null, $"<kbd aria-hidden=\"true\">{action.Key}</kbd>")}</button></form>
            """
        );
    }

    /// <summary>
    /// What a form carries beside that whose work is to be done once, however often its button is pressed; see
    /// <see cref="PageForm.RequestId"/>. Another one each time: pages that are renewed take it for no change.
    /// </summary>
    public static Html OnceField =>
        Html.Of(
            $"""
            <input type="hidden" name="{PageForm.IdField}" value="{RandomNumberGenerator.GetHexString(IdLength, lowercase: true)}">
            """
        );

    /// <summary>What every form of ours carries; see <see cref="FormToken"/>.</summary>
    public Html TokenField => Html.Of($"""<input type="hidden" name="{FormToken.Field}" value="{FormToken.Of(context)}">""");
}
