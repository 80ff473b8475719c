using System.Security.Cryptography;
using System.Text;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Mcp.Configuration;

/// <summary>The secret that HTTP clients show. It is never logged or printed.</summary>
internal sealed class AccessToken
{
    public const int MinimumLength = 16;
    private const int MaximumFileLength = 4096;
    private readonly byte[] _hash;

    private AccessToken(string token) => _hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Compares in a time that says nothing about the token, its length included.</summary>
    public bool Matches(string candidate) =>
        CryptographicOperations.FixedTimeEquals(_hash, SHA256.HashData(Encoding.UTF8.GetBytes(candidate)));

    /// <summary>Reads the token; blanks and line ends around it do not count.</summary>
    /// <param name="path">The file, absolute. One in the workspace is refused: who the repository comes from, and agents, know it.</param>
    /// <param name="workspace">The workspace's folder, absolute.</param>
    /// <param name="problem">Why there is no token, or a warning about a file that others can read.</param>
    public static AccessToken? Load(string path, string workspace, out ConfigurationProblem? problem)
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

        string text;
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MaximumFileLength })
            {
                problem = ConfigurationProblem.Error(
                    path,
                    $"the token file '{path}' is larger than {MaximumFileLength} bytes; is it the right file?"
                );
                return null;
            }

            text = Encoding
                .UTF8.GetString(DurableFile.ReadOrNull(path, MaximumFileLength) ?? throw new FileNotFoundException("there is no such file"))
                .Trim('\uFEFF', ' ', '\t', '\r', '\n');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problem = ConfigurationProblem.Error(
                path,
                $"the token file cannot be read: {exception.Message} Create one with: openssl rand -hex 32 > FILE && chmod 600 FILE"
            );
            return null;
        }

        if (text.Length < MinimumLength || text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
        {
            problem = ConfigurationProblem.Error(
                path,
                $"the token file '{path}' must hold one word of at least {MinimumLength} characters without blanks. "
                    + "Create one with: openssl rand -hex 32 > FILE && chmod 600 FILE"
            );
            return null;
        }

        problem = OthersCanRead(path)
            ? ConfigurationProblem.Warning(
                path,
                $"the token file '{path}' can be read by other users of this machine. Run: chmod 600 '{path}'"
            )
            : null;
        return new AccessToken(text);
    }

    private static bool OthersCanRead(string path) =>
        !OperatingSystem.IsWindows()
        && (File.GetUnixFileMode(path) & (UnixFileMode.OtherRead | UnixFileMode.GroupRead)) != UnixFileMode.None;
}
