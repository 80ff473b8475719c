using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using LoopOrchestrator.Postgres.Database;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Postgres.Tests.Servers;

/// <summary>
/// A PostgreSQL server of the test run's own, on a free port of the loopback address and a folder that goes with it. A shell between looks
/// after it: however this process ends, its input ends then, and the server with it.
/// </summary>
internal sealed class PostgresServer
{
    private const string Chosen = "LOOP_TEST_POSTGRES";
    private const int MaxStarts = 5;

    private const string Script = """
        set -eu
        dir=$(mktemp -d "$2/loop-test-XXXXXXXX")
        trap 'rm -rf "$dir"' EXIT
        trap '' INT
        if ! "$1/initdb" -D "$dir/data" -U loop -A trust -E UTF8 --no-sync >"$dir/log" 2>&1; then cat "$dir/log" >&2; echo FATAL >&2; fi
        "$1/postgres" -D "$dir/data" -c listen_addresses=127.0.0.1 -c "port=$3" -c unix_socket_directories= -c fsync=off \
          -c shared_buffers=32MB -c max_connections=100 -c log_line_prefix= &
        server=$!
        cat >/dev/null
        kill -INT "$server" 2>/dev/null || true
        wait "$server" || true
        """;

    private static readonly Lazy<PostgresServer> Started = new(Start);

    private readonly Process _shell;

    private PostgresServer(Process shell, int port)
    {
        _shell = shell;
        ConnectionString = string.Create(
            CultureInfo.InvariantCulture,
            $"Host=127.0.0.1;Port={port};Username=loop;Database=postgres;SSL Mode=Disable;GSS Encryption Mode=Disable"
        );
        Source = new PostgresSource(ConnectionString);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Stop();
    }

    /// <summary>The one of this test run; where there can be none, the test is skipped with the reason.</summary>
    public static PostgresServer Shared
    {
        get
        {
            Assert.SkipWhen(OperatingSystem.IsWindows(), "The server is looked after by a shell.");
            Assert.SkipWhen(
                Binaries is null,
                "No PostgreSQL server is installed: initdb and postgres are neither in PATH nor below /usr/lib/postgresql, or not in the "
                    + $"folder that {Chosen} names. Install Debian's package postgresql."
            );
            return Started.Value;
        }
    }

    /// <summary>What reaches its database 'postgres'.</summary>
    public string ConnectionString { get; }

    /// <summary>Connections to that database, for all tests that need no node of their own.</summary>
    public PostgresSource Source { get; }

    private static string? Binaries { get; } =
        Folders()
            .FirstOrDefault(static folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));

    private static IEnumerable<string> Folders()
    {
        const string debian = "/usr/lib/postgresql";
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        return Environment.GetEnvironmentVariable(Chosen) is { Length: > 0 } chosen ? [chosen]
            : !Directory.Exists(debian) ? path.Split(Path.PathSeparator)
            : path.Split(Path.PathSeparator)
                .Concat(Directory.GetDirectories(debian).OrderDescending(StringComparer.Ordinal).Select(static folder => folder + "/bin"));
    }

    private static PostgresServer Start()
    {
        var told = "";
        for (var start = 0; start < MaxStarts; start++)
        {
            var port = FreePort();
            var shell = Process.Start(Shell(port))!;
            while (shell.StandardError.ReadLine() is { } line)
            {
                told += line + "\n";
                if (line.Contains("ready to accept connections", StringComparison.Ordinal))
                {
                    // Somebody has to read on: a pipe that is full would hold the server up.
                    _ = shell.StandardError.BaseStream.CopyToAsync(Stream.Null);
                    return new PostgresServer(shell, port);
                }

                if (line.Contains("FATAL", StringComparison.Ordinal))
                {
                    break;
                }
            }

            // Somebody else was faster at that port.
            shell.StandardInput.Close();
            shell.WaitForExit();
        }

        throw new InvalidOperationException($"PostgreSQL of {Binaries} did not start:\n{told}");
    }

    // The server refuses to run as root.
    private static ProcessStartInfo Shell(int port)
    {
        string[] command = ["sh", "-c", Script, "sh", Binaries!, TemporaryPlace.Root, port.ToString(CultureInfo.InvariantCulture)];
        if (Environment.IsPrivilegedProcess)
        {
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", .. command];
        }

        return new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
            Environment = { ["LC_ALL"] = "C.UTF-8" },
        };
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Stop()
    {
        Source.Dispose();
        _shell.StandardInput.Close();
        _shell.WaitForExit();
    }
}
