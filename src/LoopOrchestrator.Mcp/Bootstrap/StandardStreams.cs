using System.Text;

namespace LoopOrchestrator.Mcp.Bootstrap;

#pragma warning disable RS0030 // The one place that opens the process's own streams; everything else is handed what it may use.

/// <summary>The process's standard streams. Standard output belongs to the protocol in stdio mode, else to a command's answer.</summary>
internal static class StandardStreams
{
    /// <summary>What people read while the program serves: logs and errors, in every mode.</summary>
    public static TextWriter Error => Console.Error;

    /// <summary>A command's answer. Never used while serving.</summary>
    public static TextWriter Output => Console.Out;

    public static bool IsInputRedirected => Console.IsInputRedirected;

    /// <summary>What a person types. Never used while serving.</summary>
    public static TextReader Answers => Console.In;

    /// <summary>A line of what a person types; <see langword="null"/> at its end. Never used while serving.</summary>
    public static string? ReadLine() => Console.ReadLine();

    /// <summary>
    /// How many columns the terminal that a command prints to has; <see langword="null"/> where it prints to none. A terminal that does not
    /// say has as many as most.
    /// </summary>
    public static int? TerminalWidth
    {
        get
        {
            if (Console.IsOutputRedirected)
            {
                return null;
            }

            try
            {
                return Console.WindowWidth is > 0 and var width ? width : 80;
            }
            catch (IOException)
            {
                return 80;
            }
        }
    }

    /// <summary>Whether what people read goes somewhere else than to a terminal.</summary>
    public static bool IsErrorRedirected => Console.IsErrorRedirected;

    /// <summary>How large the terminal is; 80 by 24 where it does not say.</summary>
    public static ScreenSize Screen
    {
        get
        {
            try
            {
                return new ScreenSize(
                    Console.WindowWidth is > 0 and var width ? width : 80,
                    Console.WindowHeight is > 0 and var height ? height : 24
                );
            }
            catch (IOException)
            {
                return new ScreenSize(80, 24);
            }
        }
    }

    /// <summary>What a supervisor is told by whoever started it.</summary>
    public static Stream OpenInput() => Console.OpenStandardInput();

    /// <summary>
    /// Takes both ends of the protocol and turns every other use of the console's output into standard error,
    /// so that a stray line of a library cannot break a message.
    /// </summary>
    public static ProtocolStreams TakeForProtocol()
    {
        var input = Console.OpenStandardInput();
        var output = new BufferedStream(Console.OpenStandardOutput(), 64 * 1024);
        Console.SetOut(Console.Error);
        return new ProtocolStreams(input, output);
    }

    /// <summary>Text of any culture reaches pipes as UTF-8 without a byte order mark.</summary>
    public static void UseUtf8()
    {
        if (OperatingSystem.IsWindows())
        {
            Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        }
    }
}
