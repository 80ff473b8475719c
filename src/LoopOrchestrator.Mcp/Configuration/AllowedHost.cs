using System.Globalization;
using System.Net;

namespace LoopOrchestrator.Mcp.Configuration;

/// <summary>
/// A name that clients may ask for although it is not this machine's: a reverse proxy's, or that of a container. <c>example.org</c>,
/// <c>example.org:8443</c>, <c>*.example.org</c> (every name below it, itself not), an IP address; never <c>*</c>, which would let in the
/// name of any page that points it here.
/// </summary>
/// <param name="Name">In lower case; without the <c>*</c>, with the dot behind it, where it stands for every name below.</param>
/// <param name="Port">The only port in the Host header; <see langword="null"/> for any.</param>
internal sealed record AllowedHost(string Name, int? Port)
{
    private const int MaxLength = 253;
    private const int HttpPort = 80;
    private const int HttpsPort = 443;

    /// <summary>Reads one entry.</summary>
    /// <param name="text">As a person wrote it.</param>
    /// <param name="refusal">What is wrong with it and what to do, or <see langword="null"/>.</param>
    public static AllowedHost? Parse(string text, out string? refusal)
    {
        var name = text.Trim().ToLowerInvariant();
        int? port = null;
        if (IPAddress.TryParse(name.Trim('[', ']'), out var address) && name.Contains(':', StringComparison.Ordinal))
        {
            refusal = null;
            return new AllowedHost(address.ToString(), null);
        }

        if (name.Contains('/', StringComparison.Ordinal))
        {
            refusal = $"'{text}' is an address; write the name alone, as it stands in the Host header (example.org, example.org:8443).";
            return null;
        }

        if (name.LastIndexOf(':') is >= 0 and var colon)
        {
            if (!ushort.TryParse(name.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var given) || given == 0)
            {
                refusal = $"'{text}' ends in no port; write NAME, or NAME:PORT with a port from 1 to 65535.";
                return null;
            }

            port = given;
            name = name[..colon].Trim('[', ']');
        }

        if (name is "*" or "*.")
        {
            refusal =
                "'*' would answer to every name, and with it to the name of any page that points it here; name the hosts "
                + "(example.org), or all below one ('*.example.org').";
            return null;
        }

        var rest = name.StartsWith("*.", StringComparison.Ordinal) ? name[2..] : name;
        if (IPAddress.TryParse(rest, out address) && rest.Length == name.Length)
        {
            refusal = null;
            return new AllowedHost(address.ToString(), port);
        }

        // "*.org" is half the world.
        if (!IsName(rest) || (rest.Length < name.Length && !rest.Contains('.', StringComparison.Ordinal)))
        {
            refusal =
                $"'{text}' is no name of a host; write it as it stands in the Host header: example.org, example.org:8443, or "
                + "*.example.org for every name below it.";
            return null;
        }

        refusal = null;
        return new AllowedHost(rest.Length < name.Length ? name[1..] : name, port);
    }

    /// <summary>Whether the Host header of a request names it.</summary>
    /// <param name="host">The name of the header, without port and brackets.</param>
    /// <param name="port">The port of the header; without one, the two that browsers leave out.</param>
    public bool Matches(string host, int? port)
    {
        var isName =
            Name[0] == '.'
                ? host.Length > Name.Length && host.EndsWith(Name, StringComparison.OrdinalIgnoreCase)
                : string.Equals(host, Name, StringComparison.OrdinalIgnoreCase)
                    || (
                        IPAddress.TryParse(host, out var address)
                        && string.Equals(address.ToString(), Name, StringComparison.OrdinalIgnoreCase)
                    );
        return isName && (Port is null || Port == port || (port is null && Port is HttpPort or HttpsPort));
    }

    public override string ToString() => (Name[0] == '.' ? "*" : "") + Name + (Port is null ? "" : $":{Port}");

    private static bool IsName(string name) =>
        name.Length is > 0 and <= MaxLength
        && name.Split('.').All(static label => label.Length is > 0 and <= 63 && label.All(IsOfALabel) && label[0] != '-');

    private static bool IsOfALabel(char character) =>
        char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character is '-' or '_';
}
