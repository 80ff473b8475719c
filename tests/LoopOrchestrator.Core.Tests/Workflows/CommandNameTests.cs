using LoopOrchestrator.Core.Workflows.Definition;

namespace LoopOrchestrator.Core.Tests.Workflows;

public sealed class CommandNameTests
{
    [Theory]
    [InlineData("npm test", "npm", "test")]
    [InlineData("dotnet build src/A.csproj", "dotnet", "build", "src/A.csproj", "-v", "q")]
    [InlineData("sh", "/bin/sh", "-c", "test $(wc -l < src.txt) -ge 2 || { echo 'need two lines'; exit 1; }")]
    [InlineData("check.sh", "./check.sh", "--all")]
    [InlineData("make (2)", "make", "-j2")]
    public void Of_ACommandWithoutAName_IsShortAndItsOwn(string expected, params string[] words) =>
        CommandName.Of(words, new HashSet<string>(StringComparer.Ordinal) { "make" }).Should().Be(expected);
}
