using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace LoopOrchestrator.DummyAgent;

/// <summary>
/// Does what its arguments say, one action after the other, up to the first option: what follows from there is what a preset adds.
/// It stands in for an agent, so it knows every bad habit of one.
/// </summary>
internal static class Script
{
    private static readonly List<PosixSignalRegistration> Ignored = [];

    public static async Task<int> RunAsync(string[] arguments)
    {
        var actions = new Queue<string>(arguments.TakeWhile(static argument => !argument.StartsWith('-')));
        var options = arguments.Skip(actions.Count).ToList();
        while (actions.TryDequeue(out var action))
        {
            switch (action)
            {
                case "print":
                    Console.WriteLine(actions.Dequeue());
                    break;
                case "flood":
                    await FloodAsync(Number(actions.Dequeue()), inLines: true);
                    break;
                case "line":
                    await FloodAsync(Number(actions.Dequeue()), inLines: false);
                    break;
                case "env":
                    Console.WriteLine($"{actions.Peek()}={Environment.GetEnvironmentVariable(actions.Dequeue())}");
                    break;
                case "mark":
                    await File.AppendAllTextAsync(actions.Dequeue(), $"{Environment.ProcessId}\n");
                    break;
                case "await":
                    await AwaitAsync(actions.Dequeue());
                    break;
                case "sleep":
                    await Task.Delay(TimeSpan.FromSeconds(Number(actions.Dequeue())));
                    break;
                case "hang":
                    await Task.Delay(Timeout.InfiniteTimeSpan);
                    break;
                case "ignore-term":
                    Ignored.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, static context => context.Cancel = true));
                    break;
                case "fork":
                    Start(Environment.ProcessPath!, actions.Dequeue().Split(' '));
                    break;
                case "setsid":
                    Start("setsid", ["--fork", Environment.ProcessPath!, .. actions.Dequeue().Split(' ')]);
                    break;
                case "stdin":
                    Console.WriteLine($"stdin {Convert.ToHexString(await SHA256.HashDataAsync(Console.OpenStandardInput()))}");
                    break;
                case "say":
                    Dialect.Print(actions.Dequeue(), actions.Dequeue(), actions.Dequeue(), options);
                    break;
                case "exec" or "run":
                    // The first word of a call that a preset makes; what follows is for another program.
                    actions.Clear();
                    break;
                case "way":
                    Console.WriteLine($"way: {WayBack.Find(options)}");
                    break;
                case "report":
                    await HomeCall.ReportAsync(options, actions.Dequeue(), actions.Dequeue());
                    break;
                case "ask":
                    await HomeCall.AskAsync(options, actions.Dequeue(), actions.Dequeue(), actions.Dequeue());
                    break;
                case "exit":
                    return (int)Number(actions.Dequeue());
                default:
                    await Console.Error.WriteLineAsync($"unknown action '{action}'");
                    return 64;
            }
        }

        return 0;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static async Task FloodAsync(double megabytes, bool inLines)
    {
        await using var output = Console.OpenStandardOutput();
        var block = new byte[64 * 1024];
        for (var index = 0; index < block.Length; index++)
        {
            block[index] = (byte)(inLines && index % 80 == 79 ? '\n' : 'x');
        }

        for (var written = 0L; written < megabytes * 1024 * 1024; written += block.Length)
        {
            await output.WriteAsync(block);
        }
    }

    private static async Task AwaitAsync(string file)
    {
        while (!File.Exists(file))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }

    private static void Start(string program, string[] arguments)
    {
        // It inherits the output, as a careless background job does.
        using var child = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false });
    }
}
