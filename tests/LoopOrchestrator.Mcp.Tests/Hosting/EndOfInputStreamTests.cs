using LoopOrchestrator.Mcp.Hosting.Streams;
using Microsoft.Extensions.Time.Testing;

namespace LoopOrchestrator.Mcp.Tests.Hosting;

public sealed class EndOfInputStreamTests
{
    [Fact]
    public async Task Read_AtTheEnd_ReportsItOnceAfterTheGrace()
    {
        var time = new FakeTimeProvider();
        var reported = 0;
        using var stream = new EndOfInputStream(new MemoryStream([1, 2, 3]), TimeSpan.FromSeconds(1), () => reported++, time);
        var buffer = new byte[8];

        (await stream.ReadAsync(buffer, TestContext.Current.CancellationToken)).Should().Be(3);
        var last = stream.ReadAsync(buffer, TestContext.Current.CancellationToken);
        last.IsCompleted.Should().BeFalse();
        reported.Should().Be(0);
        time.Advance(TimeSpan.FromSeconds(1));

        (await last).Should().Be(0);
        (await stream.ReadAsync(buffer, TestContext.Current.CancellationToken)).Should().Be(0);
        reported.Should().Be(1);
    }
}
