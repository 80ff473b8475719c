using System.Diagnostics;
using LoopOrchestrator.Benchmarks.Processes;

namespace LoopOrchestrator.Benchmarks.Calls;

/// <summary>A client over stdio with the server process that each has of its own. Disposal ends the process.</summary>
internal sealed class StdioCaller : Caller
{
    private readonly Process _process;
    private readonly Stream _input;
    private readonly AnswerReader _output;

    /// <summary>Starts the server in a folder and opens the session.</summary>
    public StdioCaller(ServerCommand command, string folder)
    {
        _process = command.Start(folder);
        _ = _process.StandardError.ReadToEndAsync();
        _input = _process.StandardInput.BaseStream;
        _output = new AnswerReader(_process.StandardOutput.BaseStream);
        Initialize();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <inheritdoc/>
    protected override ReadOnlyMemory<byte> Exchange(byte[] message, ReadOnlySpan<byte> id)
    {
        Notify(message);
        while (true)
        {
            // Notifications have none.
            var line = _output.ReadLine();
            if (line.Span.IndexOf(id) >= 0)
            {
                return line;
            }
        }
    }

    /// <inheritdoc/>
    protected override void Notify(byte[] message)
    {
        _input.Write([.. message, (byte)'\n']);
        _input.Flush();
    }
}
