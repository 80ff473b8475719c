using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Tests.Hosting;

public sealed class ModeDetectorTests
{
    [Theory]
    [InlineData("pipe:[123]", "Stdio")]
    [InlineData("socket:[123]", "Stdio")]
    [InlineData("/dev/null", "Http")]
    [InlineData("/dev/pts/3", "Http")]
    [InlineData("/home/someone/input.txt", "Http")]
    [InlineData(null, "Http")]
    public void FromLink_WhatInputIs_Decides(string? target, string expected) =>
        ModeDetector.FromLink(target).Should().Be(Enum.Parse<TransportMode>(expected));
}
