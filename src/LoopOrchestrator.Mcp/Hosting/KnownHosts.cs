using System.Net;
using LoopOrchestrator.Mcp.Configuration;
using Microsoft.AspNetCore.Http;

namespace LoopOrchestrator.Mcp.Hosting;

/// <summary>
/// The names that the server answers to. A page can point a name of its own at this machine, and so read what is answered to it; it can
/// point neither an address nor somebody else's name.
/// </summary>
/// <param name="boundHost">The address that the server listens on.</param>
/// <param name="allowed">What the user has added.</param>
internal sealed class KnownHosts(string boundHost, IReadOnlyList<AllowedHost> allowed)
{
    private const int MaxShown = 100;

    /// <summary>What is said to who asks for another name.</summary>
    public static string Refuse(HostString host)
    {
        var shown = host.Value is { Length: > 0 and <= MaxShown } name ? SafeText.Escape(name) : "";
        var option = shown.Length == 0 ? "NAME" : shown;
        return $"This server does not answer to the name {(shown.Length == 0 ? "" : $"'{shown}' ")}in the Host header. Use "
            + $"http://{HostName.Localhost}, or the address it listens on. Where a proxy or container is reached by that name, add it to "
            + $"allowedHosts (--allowed-hosts {option}, LOOP_ALLOWED_HOSTS), which needs a token.";
    }

    /// <summary>Whether the server answers to a name.</summary>
    /// <param name="host">The Host header.</param>
    /// <param name="needsToken">Whether clients need a token: then other machines may reach the server.</param>
    public bool IsKnown(HostString host, bool needsToken) => IsNameKnown(host, needsToken) && IsAddress(host);

    /// <summary>
    /// Whether pages of an origin are as good as our own: of this machine, or of a name that the user has added. A proxy that ends TLS
    /// makes https of what is http here.
    /// </summary>
    public bool IsOwnOrigin(Uri origin)
    {
        var name = origin.IdnHost.Trim('[', ']');
        return IsLoopback(name) || allowed.Any(one => one.Matches(name, origin.IsDefaultPort ? null : origin.Port));
    }

    private bool IsNameKnown(HostString host, bool needsToken)
    {
        var name = host.Host.Trim('[', ']');
        if (name.Length == 0)
        {
            return false;
        }

        if (IsLoopback(name) || Same(name, boundHost.Trim('[', ']')))
        {
            return true;
        }

        return needsToken
            && (IPAddress.TryParse(name, out _) || Same(name, Environment.MachineName) || allowed.Any(one => one.Matches(name, host.Port)));
    }

    // Our own address is made of it, and told to clients. Nobody has asked port 0 for anything.
    private static bool IsAddress(HostString host) =>
        Uri.TryCreate($"http://{host.ToUriComponent()}", UriKind.Absolute, out var address) && address.Port > 0;

    private static bool IsLoopback(string name) =>
        Same(name, HostName.Localhost) || (IPAddress.TryParse(name, out var address) && IPAddress.IsLoopback(address));

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
