using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Architecture;

/// <summary>A line of code is read without scrolling.</summary>
public sealed class SourceLinesTests
{
    private const int MaxLength = 140;

    private static readonly string[] Roots = ["src", "tests", "benchmarks", "tools"];

    // What a program prints or a user writes as one line of JSON is quoted as one line.
    private static readonly string[] JsonMarks = ["{\"", "{ \"", "\": ", "\\\":"];

    [Fact]
    public void Sources_Lines_AreNotLongerThanTheFormatterMakesThem() =>
        Roots
            .SelectMany(static root => Directory.EnumerateFiles(RepositoryFiles.Find(root), "*.cs", SearchOption.AllDirectories))
            .Where(static file => !file.Split(Path.DirectorySeparatorChar).Any(static part => part is "bin" or "obj" or "node_modules"))
            .SelectMany(static file => TooLong(file, File.ReadAllLines(file)))
            .Should()
            .BeEmpty($"a line has at most {MaxLength} characters; tools/format breaks what can be broken");

    [Theory]
    [InlineData("src/A.cs", 141, false)]
    [InlineData("src/A.cs", 140, true)]
    [InlineData("tests/A.cs", 141, false)]
    public void TooLong_Length_DecidesAtTheLimit(string file, int length, bool fits) =>
        TooLong(file, [new string('x', length)]).Any().Should().Be(!fits);

    [Theory]
    [InlineData("src/A.cs", false)]
    [InlineData("tests/A.cs", true)]
    public void TooLong_QuotedJson_FitsInTestsOnly(string file, bool fits) =>
        TooLong(file, [$$"""{"text":"{{new string('x', 200)}}"}"""]).Any().Should().Be(!fits);

    private static IEnumerable<string> TooLong(string file, IEnumerable<string> lines)
    {
        var path = Path.IsPathRooted(file) ? Path.GetRelativePath(RepositoryFiles.Root, file).Replace('\\', '/') : file;
        var isTest = path.StartsWith("tests/", StringComparison.Ordinal);
        return lines
            .Select(static (line, index) => (Line: line, Number: index + 1))
            .Where(line => line.Line.Length > MaxLength && !(isTest && QuotesJson(line.Line)))
            .Select(line => $"{path}:{line.Number}");
    }

    private static bool QuotesJson(string line) => JsonMarks.Any(mark => line.Contains(mark, StringComparison.Ordinal));
}
