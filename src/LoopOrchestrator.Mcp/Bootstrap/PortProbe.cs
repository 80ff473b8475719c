using System.Net.Sockets;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Bootstrap;

/// <summary>Whether a port can be listened on now.</summary>
internal static class PortProbe
{
    /// <returns>Why not and what to do, or <see langword="null"/>.</returns>
    public static PortRefusal? Refuse(string host, int port)
    {
        using var listener = new TcpListener(HostName.Address(host), port);
        try
        {
            listener.Start();
            return null;
        }
        catch (SocketException exception)
        {
            return Explain(exception, exception.Message, host, port);
        }
    }

    public static PortRefusal Explain(SocketException? exception, string reason, string host, int port) =>
        exception?.SocketErrorCode == SocketError.AddressAlreadyInUse
            ? new PortRefusal(
                InUse: true,
                $"port {port} on {host} is in use, perhaps by a Loop Orchestrator that already serves. "
                    + $"Take another port (--port {(port < ushort.MaxValue ? port + 1 : port - 1)}, or --port 0 for a free "
                    + $"one), or find the holder: {Finder(port)}"
            )
            : new PortRefusal(
                InUse: false,
                $"cannot listen on {host}, port {port}: {exception?.Message ?? reason}. Is --host an address of this "
                    + "machine? A --port below 1024 often needs rights."
            );

    private static string Finder(int port) =>
        OperatingSystem.IsWindows() ? $"netstat -ano | findstr :{port}"
        : OperatingSystem.IsMacOS() ? $"lsof -nP -iTCP:{port} -sTCP:LISTEN"
        : $"ss -ltnp 'sport = :{port}'";
}
