using LoopOrchestrator.Core.Logs;

namespace LoopOrchestrator.Core.Tests.Logs;

public sealed class RepeatFilterTests
{
    private readonly RepeatFilter _filter = new();

    [Fact]
    public void IsNew_SameTrouble_IsNewOnceUntilItIsOverOrAnother()
    {
        _filter.IsNew("disk full").Should().BeTrue();
        _filter.IsNew("disk full").Should().BeFalse();
        _filter.IsNew("disk gone").Should().BeTrue();
        _filter.IsNew("disk full").Should().BeTrue("other trouble was logged in between");
        _filter.Clear();
        _filter.IsNew("disk full").Should().BeTrue("it was over in between");
    }

    [Fact]
    public void IsNew_SameTroubleOfAnother_IsNew()
    {
        _filter.IsNew("disk full", "run-1").Should().BeTrue();
        _filter.IsNew("disk full", "run-2").Should().BeTrue();
        _filter.Clear("run-1");
        _filter.IsNew("disk full", "run-2").Should().BeFalse();
        _filter.IsNew("disk full", "run-1").Should().BeTrue();
    }
}
