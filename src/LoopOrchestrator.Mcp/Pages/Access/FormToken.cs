using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using LoopOrchestrator.Mcp.Configuration;
using Microsoft.AspNetCore.Http;

namespace LoopOrchestrator.Mcp.Pages.Access;

/// <summary>
/// What every form carries, so that a page of somebody else cannot send one in a visitor's name: it is bound to who was shown the form, and
/// to this process. Beside it the browser's own word counts, of which page sends the form.
/// </summary>
internal static class FormToken
{
    /// <summary>The name of its field.</summary>
    public const string Field = "form_token";

    // Of whoever needs no token: programs of this machine.
    private const string Local = "local";

    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);

    /// <summary>What the forms of an answer carry.</summary>
    public static string Of(HttpContext context) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes(Holder(context))));

    /// <summary>Why a form does not count; <see langword="null"/> for one that was sent by a page of ours.</summary>
    /// <param name="context">The request.</param>
    /// <param name="shown">What the form carries.</param>
    public static string? FindFault(HttpContext context, string? shown)
    {
        var headers = context.Request.Headers;
        if (headers["Sec-Fetch-Site"] is [{ } site] && site != "same-origin")
        {
            return "The form was sent by a page of another site.";
        }

        if (
            headers.Origin is [{ } origin]
            && !(
                Uri.TryCreate(origin, UriKind.Absolute, out var address)
                && string.Equals(address.Authority, context.Request.Host.Value, StringComparison.OrdinalIgnoreCase)
            )
        )
        {
            return "The form was sent by a page of another origin.";
        }

        return
            shown is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(shown), Encoding.UTF8.GetBytes(Of(context)))
            ? null
            : "The form is from before you signed in, or from before the server was started again.";
    }

    private static string Holder(HttpContext context) =>
        PageVisitor.SessionOf(context) is { } session ? $"session {session.Id}"
        : AccessGrant.Of(context.User) is { } grant ? $"token {grant.Id}"
        : Local;
}
