namespace LoopOrchestrator.Core.Commits.Roles;

/// <summary>What a file is for, as far as its path tells.</summary>
internal enum FileRole
{
    /// <summary>What is none of the others.</summary>
    Code,

    /// <summary>A test, or something that tests use.</summary>
    Test,

    /// <summary>Documentation.</summary>
    Docs,

    /// <summary>What the project is built with: projects, packages and their locks, build scripts.</summary>
    Build,

    /// <summary>Settings of the project and of its tools.</summary>
    Configuration,

    /// <summary>What checks the project elsewhere.</summary>
    Ci,

    /// <summary>What the loop writes by itself while it works.</summary>
    Live,
}
