namespace LoopOrchestrator.Core.Modes;

/// <summary>The modes shipped inside the program. Thread safe; nothing is read before <see cref="All"/> is first asked for.</summary>
public static class BuiltInModes
{
    private static readonly string[] Slugs =
    [
        "implementation-core",
        "implementation-security",
        "implementation-performance",
        "implementation-features",
        "validation-static",
        "validation-unit",
        "validation-integration",
        "validation-api",
        "quality-functional",
        "quality-performance",
        "quality-security",
        "quality-compatibility",
        "integration-commit",
        "integration-deploy",
        "integration-release",
        "planning-analysis",
        "planning-priorities",
        "planning-architecture",
        "planning-requirements",
        "architect",
        "code",
        "ask",
        "debug",
        "orchestrator",
    ];

    private static readonly Lazy<IReadOnlyList<Mode>> Parsed = new(() => Array.AsReadOnly(Array.ConvertAll(Slugs, BuiltInMode.Load)));

    /// <summary>All of them: by stage in the order of a cycle, then those that belong to no stage.</summary>
    public static IReadOnlyList<Mode> All => Parsed.Value;
}
