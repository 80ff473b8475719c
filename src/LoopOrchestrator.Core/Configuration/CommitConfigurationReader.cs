using LoopOrchestrator.Core.Commits;
using LoopOrchestrator.Core.Configuration.Values;
using LoopOrchestrator.Core.Json;
using LoopOrchestrator.Core.Workflows.Definition;

namespace LoopOrchestrator.Core.Configuration;

/// <summary>Reads <c>commit</c> of <c>mcp_startup.json</c>.</summary>
internal static class CommitConfigurationReader
{
    internal static readonly IReadOnlyList<string> Keys = ["gate", "push", "includeLiveFiles", "maxFileBytes"];

    private const string Example = "{ \"gate\": [ { \"command\": [\"dotnet\", \"test\"] } ] }";

    /// <summary>The settings; where one is missing or cannot be used, its default.</summary>
    public static CommitSettings Read(JsonTextNode root, ConfigurationValues values)
    {
        var standard = new CommitSettings();
        if (root.Find("commit")?.Value is not { } node || !values.IsObject(node, "commit", Example))
        {
            return standard;
        }

        values.CheckKeys(node, Keys, "commit");
        return new CommitSettings
        {
            Gate = new WorkflowCommandReader(values).Read(node, "gate", "commit"),
            Push = values.Flag(node, "push", "commit") ?? standard.Push,
            IncludeLiveFiles = values.Flag(node, "includeLiveFiles", "commit") ?? standard.IncludeLiveFiles,
            MaxFileBytes = (long?)values.Number(node, "maxFileBytes", "commit", 1024, 1L << 30, whole: true) ?? standard.MaxFileBytes,
        };
    }
}
