using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Tests.Configuration;

public sealed class SafeTextTests
{
    [Theory]
    [InlineData("a\u001b[2Jb\n", @"a\u001b[2Jb\n")]
    [InlineData("\u202ecod\u2066\u200b\ufeff\u3164", @"\u202ecod\u2066\u200b\ufeff\u3164")]
    [InlineData("x\U000E0041y", @"x\udb40\udc41y")]
    [InlineData("👩\u200d💻 नमस्\u200dते é", "👩\u200d💻 नमस्\u200dते é")]
    public void Escape_WhatSteersOrIsNotSeen_IsWrittenOutAndAllElseStays(string text, string shown) =>
        SafeText.Escape(text).Should().Be(shown);
}
