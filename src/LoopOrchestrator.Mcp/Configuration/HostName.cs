using System.Net;

namespace LoopOrchestrator.Mcp.Configuration;

/// <summary>
/// The address to listen on. Only <c>localhost</c> and IP addresses are taken: the web server would answer any other name by
/// listening everywhere.
/// </summary>
internal static class HostName
{
    public const string Localhost = "localhost";

    public static bool IsLocalhost(string host) => string.Equals(host, Localhost, StringComparison.OrdinalIgnoreCase);

    public static bool IsValid(string host) => IsLocalhost(host) || TryAddress(host, out _);

    public static bool IsLoopback(string host) => IsLocalhost(host) || (TryAddress(host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>The address of a valid host; <c>localhost</c> is the IPv4 loopback.</summary>
    public static IPAddress Address(string host) => TryAddress(host, out var address) ? address : IPAddress.Loopback;

    /// <summary>Host and port as they stand in a URL: IPv6 in brackets.</summary>
    public static string Url(string host, int port) =>
        host.Contains(':', StringComparison.Ordinal) ? $"http://[{host.Trim('[', ']')}]:{port}" : $"http://{host}:{port}";

    private static bool TryAddress(string host, out IPAddress address)
    {
        // "1" and "0x7f.1" are addresses to the parser; a person who wrote them meant something else.
        if ((host.Contains(':', StringComparison.Ordinal) || host.Count(c => c == '.') == 3) && IPAddress.TryParse(host, out var parsed))
        {
            address = parsed;
            return true;
        }

        address = IPAddress.None;
        return false;
    }
}
