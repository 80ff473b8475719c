using System.Net.Security;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Hosting;

/// <summary>
/// The certificate while a server runs: files that were replaced count at the next connection, and where they cannot be used the one
/// before goes on. Safe for any number of threads.
/// </summary>
/// <param name="files">The files, which could be used when the server started.</param>
/// <param name="workspace">The workspace's folder.</param>
/// <param name="changed">Called after they were read anew: with what is wrong, or <see langword="null"/>.</param>
internal sealed class ServerCertificate(CertificateFiles files, string workspace, Action<ConfigurationProblem?> changed)
{
    private readonly Lock _lock = new();
    private (FileStamp Certificate, FileStamp Key) _stamps = Stamps(files);
    private SslStreamCertificateContext _current = files.Load(workspace, out var problem)
        ?? throw new InvalidOperationException(problem!.Message);

    public SslStreamCertificateContext Current()
    {
        var stamps = Stamps(files);
        ConfigurationProblem? problem;
        lock (_lock)
        {
            if (stamps == _stamps)
            {
                return _current;
            }

            // The stamps are those from before reading: what is written meanwhile is read at the next connection.
            _current = files.Load(workspace, out problem) ?? _current;
            _stamps = stamps;
        }

        changed(problem);
        return _current;
    }

    private static (FileStamp Certificate, FileStamp Key) Stamps(CertificateFiles files) =>
        (FileStamp.Of(files.Certificate), FileStamp.Of(files.Key));
}
