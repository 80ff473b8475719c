using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Mcp.Configuration;

/// <summary>The certificate with which the server speaks TLS, and its key, as PEM files.</summary>
/// <param name="Certificate">The certificate first, then those that lead to its issuer; absolute.</param>
/// <param name="Key">Its private key, without a password; absolute.</param>
internal sealed record CertificateFiles(string Certificate, string Key)
{
    private const int MaxBytes = 1024 * 1024;

    /// <summary>Reads both.</summary>
    /// <param name="workspace">The workspace's folder: nothing of it is taken, for agents and the repository's makers know it.</param>
    /// <param name="problem">Why they cannot be used, or a warning.</param>
    public SslStreamCertificateContext? Load(string workspace, out ConfigurationProblem? problem)
    {
        foreach (var file in (string[])[Certificate, Key])
        {
            if (WorkspaceMembership.Has(file, workspace))
            {
                problem = ConfigurationProblem.Error(
                    file,
                    $"'{file}' lies in the workspace, where agents and whoever the repository comes from can read or write it. "
                        + "Move it out, for instance into your home folder."
                );
                return null;
            }
        }

        try
        {
            var text = Read(Certificate);
            var certificate = X509Certificate2.CreateFromPem(text, Read(Key));
            if (OperatingSystem.IsWindows())
            {
                // TLS there does not take a key that is in memory only.
                certificate = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
            }

            X509Certificate2Collection chain = [];
            chain.ImportFromPem(text);
            problem = OthersMayRead(Key)
                ? ConfigurationProblem.Warning(Key, $"'{Key}' can be read by other users of this machine. Run: chmod 600 '{Key}'")
                : null;
            return SslStreamCertificateContext.Create(certificate, chain, offline: true);
        }
        catch (Exception exception)
            when (exception is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            problem = ConfigurationProblem.Error(
                Certificate,
                $"'{Certificate}' and '{Key}' are no certificate with its key: {exception.Message} Both are PEM files, the key without a "
                    + "password."
            );
            return null;
        }
    }

    private static string Read(string path) =>
        Encoding.UTF8.GetString(DurableFile.ReadOrNull(path, MaxBytes) ?? throw new FileNotFoundException($"there is no file '{path}'."));

    private static bool OthersMayRead(string path) =>
        !OperatingSystem.IsWindows()
        && (File.GetUnixFileMode(path) & (UnixFileMode.OtherRead | UnixFileMode.GroupRead)) != UnixFileMode.None;
}
