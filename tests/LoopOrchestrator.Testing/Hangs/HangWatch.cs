using System.Diagnostics;
using System.Globalization;
using LoopOrchestrator.Testing.Processes;
using Microsoft.Testing.Platform.Extensions;
using Microsoft.Testing.Platform.Extensions.Messages;

namespace LoopOrchestrator.Testing.Hangs;

/// <summary>
/// Ends the test process when one test hangs, so that a run of all tests always ends and its log names the culprit. It shows the
/// processes below as well, and ends them: nobody else would. The limit is <c>LOOP_TEST_LIMIT_SECONDS</c>, else ten minutes.
/// </summary>
internal sealed class HangWatch : IDataConsumer
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    private readonly RunningTests _running = new(TimeProvider.System);
    private readonly TimeSpan _limit = TimeSpan.FromSeconds(
        int.TryParse(Environment.GetEnvironmentVariable("LOOP_TEST_LIMIT_SECONDS"), CultureInfo.InvariantCulture, out var seconds)
        && seconds > 0
            ? seconds
            : 600
    );

    // Its own thread: what hangs may be that no thread of the pool is left.
    public HangWatch() => new Thread(WatchForEver) { IsBackground = true, Name = "hang watch" }.Start();

    public string Uid => nameof(HangWatch);

    public string Version => "1";

    public string DisplayName => "Hang watch";

    public string Description => "Ends the process when a test hangs, and says which.";

    public Type[] DataTypesConsumed => [typeof(TestNodeUpdateMessage)];

    public Task<bool> IsEnabledAsync() => Task.FromResult(true);

    public Task ConsumeAsync(IDataProducer dataProducer, IData value, CancellationToken cancellationToken)
    {
        if (value is TestNodeUpdateMessage { TestNode: { } node })
        {
            switch (node.Properties.SingleOrDefault<TestNodeStateProperty>())
            {
                case InProgressTestNodeStateProperty:
                    _running.Begin(node.Uid.Value, node.DisplayName);
                    break;
                case not null and not DiscoveredTestNodeStateProperty:
                    _running.End(node.Uid.Value);
                    break;
            }
        }

        return Task.CompletedTask;
    }

    private void WatchForEver()
    {
        using var never = new ManualResetEvent(initialState: false);
        while (!never.WaitOne(PollInterval))
        {
            if (!Debugger.IsAttached && _running.FindHang(_limit) is { } hang)
            {
                var below = OperatingSystem.IsLinux() ? LinuxProcesses.Below(Environment.ProcessId) : [];
                var processes = string.Join('\n', below.Select(static process => $"  {process}  {LinuxProcesses.Describe(process)}"));
                LinuxProcesses.Kill(below);
                Environment.FailFast($"{hang}\nProcesses that tests started:\n{processes}");
            }
        }
    }
}
