using System.CommandLine;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Cli.Commands;

/// <summary>
/// The options that name a server and its workspace. Values are taken as text and judged by <see cref="ServerOptionsResolver"/>
/// together with the other sources. Those marked recursive are understood by every sub-command.
/// </summary>
internal static class ServerSettings
{
    public static readonly Option<string?> Mode = new("--mode")
    {
        HelpName = "auto|stdio|http",
        Description =
            "How clients reach the server. auto: stdio when a client is at the other end of standard input, else http. [default: auto]",
    };

    public static readonly Option<string?> Host = new("--host")
    {
        HelpName = "ADDRESS",
        Description = "The address to listen on in http mode; any other than loopback needs --token-file. [default: 127.0.0.1]",
    };

    public static readonly Option<string?> Port = new("--port")
    {
        HelpName = "PORT",
        Description = "The port to listen on in http mode; 0 takes a free one. [default: 8080]",
    };

    public static readonly Option<string[]> Workspace = new("--workspace")
    {
        HelpName = "DIR|NAME",
        Description =
            "The project's folder, or its name ('workspace add'). A server takes several, each with the option before it. "
            + "[default: the nearest folder upward with mcp_startup.json or .loop, else the current one]",
        Recursive = true,
        Arity = ArgumentArity.OneOrMore,
    };

    public static readonly Option<bool> AllWorkspaces = new("--all-workspaces")
    {
        Description = "Serve every workspace that has a name ('workspace list'), behind those of --workspace.",
    };

    public static readonly Option<string?> Config = new("--config")
    {
        HelpName = "FILE",
        Description = "The configuration file. [default: mcp_startup.json in the workspace]",
        Recursive = true,
    };

    public static readonly Option<bool> TrustWorkspace = new("--trust-workspace")
    {
        Description = "Let this workspace's configured commands and agents be executed. Without it everything else works.",
    };

    public static readonly Option<bool> ClaudeChannel = new("--claude-channel")
    {
        Description = "Tell an open session of Claude Code of hand-offs, questions and escalations by its channel (stdio; an experiment).",
    };

    public static readonly Option<string?> TokenFile = new("--token-file")
    {
        HelpName = "FILE",
        Description = "A file with the access token that HTTP clients must send as 'Authorization: Bearer TOKEN'.",
    };

    public static readonly Option<string?> AllowedHosts = new("--allowed-hosts")
    {
        HelpName = "NAMES",
        Description =
            "Further names that HTTP clients may ask for, separated by commas, where a proxy or container has one: example.org, "
            + "example.org:8443, *.example.org. Needs a token.",
    };

    public static readonly Option<string?> Certificate = new("--certificate")
    {
        HelpName = "FILE",
        Description = "A PEM file with the certificate for HTTPS, and those that lead to its issuer. Needs --certificate-key.",
    };

    public static readonly Option<string?> CertificateKey = new("--certificate-key")
    {
        HelpName = "FILE",
        Description = "A PEM file with the certificate's private key, without a password.",
    };

    public static readonly Option<string?> OAuthIssuer = new("--oauth-issuer")
    {
        HelpName = "URL",
        Description = "An authorization server (OAuth, OpenID Connect) whose access tokens let HTTP clients in. Needs --oauth-audience.",
    };

    public static readonly Option<string?> OAuthAudience = new("--oauth-audience")
    {
        HelpName = "NAMES",
        Description =
            "What the issuer's tokens have in 'aud' that are meant for this server, separated by commas; mostly the address that clients "
            + "use: https://loop.example.org/mcp.",
    };

    public static readonly Option<string?> Toolsets = new("--toolsets")
    {
        HelpName = "NAMES",
        Description =
            $"The groups of tools to serve, separated by commas: {string.Join(", ", ToolsetSelection.Names)}. [default: "
            + $"{ToolsetSelection.Default}]",
    };

    /// <summary>What was given, for the resolver.</summary>
    public static CommandLineValues Read(ParseResult parsed)
    {
        string[] workspaces = parsed.GetValue(Workspace) ?? [];
        return new CommandLineValues
        {
            Mode = parsed.GetValue(Mode),
            Host = parsed.GetValue(Host),
            Port = parsed.GetValue(Port),
            Workspace = workspaces.FirstOrDefault(),
            MoreWorkspaces = [.. workspaces.Skip(1)],
            AllWorkspaces = parsed.GetValue(AllWorkspaces),
            Config = parsed.GetValue(Config),
            TokenFile = parsed.GetValue(TokenFile),
            Toolsets = parsed.GetValue(Toolsets),
            AllowedHosts = parsed.GetValue(AllowedHosts),
            Certificate = parsed.GetValue(Certificate),
            CertificateKey = parsed.GetValue(CertificateKey),
            OAuthIssuer = parsed.GetValue(OAuthIssuer),
            OAuthAudience = parsed.GetValue(OAuthAudience),
            ClaudeChannel = parsed.GetValue(ClaudeChannel),
            TrustWorkspace = parsed.GetValue(TrustWorkspace),
        };
    }
}
