using System.Security.Cryptography;
using System.Text;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Mcp.Configuration;

/// <summary>
/// The tokens of one file: a single word, which lets its holder do everything, or the list that <c>token create</c> writes. What is kept
/// are hashes; a token is never logged or printed.
/// </summary>
internal sealed class AccessTokens
{
    public const int MinimumLength = 16;
    public const int MaximumFileLength = 256 * 1024;
    private const int MaximumWordLength = 4096;
    private const int IdLength = 16;

    /// <summary>What the only token of a file is called.</summary>
    private const string SingleName = "token-file";

    private readonly IReadOnlyList<(byte[] Hash, AccessGrant Grant)> _tokens;

    private AccessTokens(IEnumerable<(byte[] Hash, string Name, AccessScope Scope, DateTimeOffset? Expires)> tokens) =>
        _tokens = [
            .. tokens.Select(static one =>
                (one.Hash, new AccessGrant(Convert.ToHexStringLower(one.Hash)[..IdLength], one.Name, one.Scope, one.Expires))
            ),
        ];

    /// <summary>
    /// Finds what a word lets its holder do, expired or not. Takes a time that says nothing about the tokens: each is compared, and each
    /// whole.
    /// </summary>
    public AccessGrant? Find(string candidate)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(candidate));
        AccessGrant? found = null;
        foreach (var (own, grant) in _tokens)
        {
            found = CryptographicOperations.FixedTimeEquals(own, hash) ? grant : found;
        }

        return found;
    }

    /// <summary>The token of an id, expired or not.</summary>
    public AccessGrant? Holds(string id) => _tokens.Select(static one => one.Grant).FirstOrDefault(grant => grant.Id == id);

    /// <summary>Whether a file holds a list of tokens, and no single word.</summary>
    public static bool IsList(ReadOnlySpan<byte> content) => content.TrimStart("\uFEFF \t\r\n"u8) is [(byte)'{', ..];

    /// <summary>Reads the tokens; blanks and line ends around a single one do not count.</summary>
    /// <param name="path">The file, absolute. One in the workspace is refused: who the repository comes from, and agents, know it.</param>
    /// <param name="workspace">The workspace's folder, absolute.</param>
    /// <param name="problem">Why there are none, or a warning about a file that others can read.</param>
    public static AccessTokens? Load(string path, string workspace, out ConfigurationProblem? problem)
    {
        if (WorkspaceMembership.Has(path, workspace))
        {
            problem = ConfigurationProblem.Error(
                path,
                $"the token file '{path}' lies in the workspace, where agents and whoever the repository comes from can "
                    + "read or write it. Move it out, for instance into your home folder."
            );
            return null;
        }

        byte[] content;
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MaximumFileLength })
            {
                problem = TooLarge(path, MaximumFileLength);
                return null;
            }

            content = DurableFile.ReadOrNull(path, MaximumFileLength) ?? throw new FileNotFoundException("there is no such file");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problem = ConfigurationProblem.Error(
                path,
                $"the token file cannot be read: {exception.Message} Create one with: openssl rand -hex 32 > FILE && chmod 600 FILE"
            );
            return null;
        }

        return IsList(content) ? OfList(path, content, out problem) : OfWord(path, content, out problem);
    }

    private static AccessTokens? OfList(string path, byte[] content, out ConfigurationProblem? problem)
    {
        if (TokenList.Read(content, out var reason) is not { } list)
        {
            problem = ConfigurationProblem.Error(path, $"the token file '{path}' {reason}. Correct it there, or name another file.");
            return null;
        }

        // Who can write it can let themselves in, with any scope.
        if (OthersMay(path, UnixFileMode.OtherWrite | UnixFileMode.GroupWrite))
        {
            problem = ConfigurationProblem.Error(
                path,
                $"the token file '{path}' can be changed by other users of this machine. Run: chmod 600 '{path}'"
            );
            return null;
        }

        problem = WarnOfReaders(path);
        return new AccessTokens(
            list.Tokens.Select(static one =>
                (Convert.FromHexString(one.Sha256), one.Name, AccessScopes.Parse(one.Scope)!.Value, one.Expires)
            )
        );
    }

    private static AccessTokens? OfWord(string path, byte[] content, out ConfigurationProblem? problem)
    {
        if (content.Length > MaximumWordLength)
        {
            problem = TooLarge(path, MaximumWordLength);
            return null;
        }

        var text = Encoding.UTF8.GetString(content).Trim('\uFEFF', ' ', '\t', '\r', '\n');
        if (text.Length < MinimumLength || text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
        {
            problem = ConfigurationProblem.Error(
                path,
                $"the token file '{path}' must hold one word of at least {MinimumLength} characters without blanks. "
                    + "Create one with: openssl rand -hex 32 > FILE && chmod 600 FILE"
            );
            return null;
        }

        problem = WarnOfReaders(path);
        return new AccessTokens([(SHA256.HashData(Encoding.UTF8.GetBytes(text)), SingleName, AccessScope.Admin, null)]);
    }

    private static ConfigurationProblem TooLarge(string path, int most) =>
        ConfigurationProblem.Error(path, $"the token file '{path}' is larger than {most} bytes; is it the right file?");

    private static ConfigurationProblem? WarnOfReaders(string path) =>
        OthersMay(path, UnixFileMode.OtherRead | UnixFileMode.GroupRead)
            ? ConfigurationProblem.Warning(
                path,
                $"the token file '{path}' can be read by other users of this machine. Run: chmod 600 '{path}'"
            )
            : null;

    private static bool OthersMay(string path, UnixFileMode rights)
    {
        try
        {
            return !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & rights) != UnixFileMode.None;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has gone meanwhile; the next request looks again.
            return true;
        }
    }
}
