using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Commits.Roles;

/// <summary>Says what a file is for by its path alone. Pure.</summary>
internal static class FileRoles
{
    private static readonly string[] Live = ["task_timing.tsv", "persistent-memory.md", "todo.md", "schedules.json", ".roo/schedules.json"];

    private static readonly string[] CiFolders = [".github", ".gitlab", ".circleci", ".buildkite", ".ci", ".woodpecker", ".teamcity"];
    private static readonly string[] CiFiles =
    [
        ".gitlab-ci.yml",
        "jenkinsfile",
        "azure-pipelines.yml",
        ".travis.yml",
        "bitbucket-pipelines.yml",
        ".drone.yml",
        ".woodpecker.yml",
        "appveyor.yml",
        ".appveyor.yml",
    ];

    private static readonly string[] BuildFiles =
    [
        "global.json",
        "nuget.config",
        "packages.lock.json",
        "package.json",
        "package-lock.json",
        "npm-shrinkwrap.json",
        "yarn.lock",
        "pnpm-lock.yaml",
        "pnpm-workspace.yaml",
        "bun.lock",
        "bun.lockb",
        "deno.json",
        "deno.lock",
        "makefile",
        "gnumakefile",
        "justfile",
        "rakefile",
        "cmakelists.txt",
        "meson.build",
        "configure.ac",
        "pom.xml",
        "mvnw",
        "gradlew",
        "gradle.properties",
        "cargo.toml",
        "cargo.lock",
        "build.rs",
        "rust-toolchain.toml",
        "go.mod",
        "go.sum",
        "go.work",
        "go.work.sum",
        "pyproject.toml",
        "setup.py",
        "setup.cfg",
        "poetry.lock",
        "uv.lock",
        "pipfile",
        "pipfile.lock",
        "gemfile",
        "gemfile.lock",
        "composer.json",
        "composer.lock",
        "mix.exs",
        "mix.lock",
        "build.sbt",
        "build",
        "build.bazel",
        "workspace",
        "module.bazel",
        "flake.nix",
        "flake.lock",
        "package.swift",
    ];

    private static readonly string[] BuildStarts =
    [
        "dockerfile",
        "containerfile",
        "docker-compose",
        "compose.y",
        "build.gradle",
        "settings.gradle",
        "tsconfig",
        "vite.config",
        "webpack.config",
        "rollup.config",
        "babel.config",
    ];
    private static readonly string[] BuildEnds =
    [
        ".csproj",
        ".fsproj",
        ".vbproj",
        ".vcxproj",
        ".sln",
        ".slnx",
        ".props",
        ".targets",
        ".cmake",
        ".bzl",
        ".gemspec",
        ".sbt",
        ".nuspec",
        ".cabal",
    ];

    private static readonly string[] DocsFolders = ["docs", "doc", "documentation", "man"];
    private static readonly string[] DocsEnds = [".md", ".mdx", ".rst", ".adoc", ".textile"];
    private static readonly string[] DocsNames =
    [
        "readme",
        "license",
        "licence",
        "copying",
        "changelog",
        "changes",
        "history",
        "contributing",
        "authors",
        "notice",
        "security",
        "code_of_conduct",
        "support",
        "maintainers",
    ];

    private static readonly string[] ConfigurationFolders = ["config", "configs", "configuration", "settings"];
    private static readonly string[] ConfigurationEnds =
    [
        ".json",
        ".json5",
        ".jsonc",
        ".yml",
        ".yaml",
        ".toml",
        ".ini",
        ".cfg",
        ".conf",
        ".config",
        ".properties",
        ".ruleset",
    ];

    /// <summary>What the file is for.</summary>
    /// <param name="path">Relative to the workspace, with forward slashes.</param>
    public static FileRole Of(string path)
    {
        var lower = path.ToLowerInvariant();
        var folders = lower.Split('/')[..^1];
        var name = TestNames.NameOf(lower);
        var isText = DocsEnds.Any(name.EndsWith);
        if (Live.Contains(lower) || WorkspacePaths.IsTimingMonth(lower))
        {
            return FileRole.Live;
        }

        if (CiFiles.Contains(name) || (folders.Any(CiFolders.Contains) && !isText))
        {
            return FileRole.Ci;
        }

        if (
            BuildFiles.Contains(name)
            || BuildStarts.Any(name.StartsWith)
            || BuildEnds.Any(name.EndsWith)
            || (name.StartsWith("requirements", StringComparison.Ordinal) && name.EndsWith(".txt", StringComparison.Ordinal))
        )
        {
            return FileRole.Build;
        }

        if (
            DocsNames.Contains(TestNames.StemOf(name))
            && (isText || name.EndsWith(".txt", StringComparison.Ordinal) || !name.Contains('.', StringComparison.Ordinal))
        )
        {
            return FileRole.Docs;
        }

        if (TestNames.IsTest(path))
        {
            return FileRole.Test;
        }

        // Text among the code may be part of the product: a template, a prompt.
        if (folders.Any(DocsFolders.Contains) || (isText && !FeatureFolder.IsAmongCode(folders)))
        {
            return FileRole.Docs;
        }

        return
            folders.Any(ConfigurationFolders.Contains)
            || name[0] == '.'
            || folders.Any(static folder => folder.StartsWith('.'))
            || (folders.Length == 0 && ConfigurationEnds.Any(name.EndsWith))
            ? FileRole.Configuration
            : FileRole.Code;
    }
}
