namespace LoopOrchestrator.Testing.Processes;

/// <summary>
/// The program under test: the one built beside the tests, in its folder <c>product</c> where it is compiled ahead of time, or the one that
/// the variable <c>LOOP_TEST_EXECUTABLE</c> names, so that the same tests run against the native binary.
/// </summary>
public static class ProductExecutable
{
    /// <summary>The variable that names another program.</summary>
    public const string Variable = "LOOP_TEST_EXECUTABLE";

    /// <summary>The program's file, absolute.</summary>
    /// <exception cref="FileNotFoundException">The tests were not built with the program beside them.</exception>
    public static string Path { get; } = Find();

    /// <summary>Whether it is a native binary, which starts in a tenth of the time.</summary>
    public static bool IsNative => !File.Exists(System.IO.Path.ChangeExtension(Path, ".dll"));

    private static string Find()
    {
        var named = Environment.GetEnvironmentVariable(Variable);
        var name = OperatingSystem.IsWindows() ? "loop-orchestrator.exe" : "loop-orchestrator";
        string[] places = string.IsNullOrEmpty(named)
            ? [System.IO.Path.Combine(AppContext.BaseDirectory, "product", name), System.IO.Path.Combine(AppContext.BaseDirectory, name)]
            : [System.IO.Path.GetFullPath(named)];
        var path = Array.Find(places, File.Exists) ?? places[^1];
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException($"The program under test is not there. Build the solution, or name it in {Variable}.", path);
    }
}
