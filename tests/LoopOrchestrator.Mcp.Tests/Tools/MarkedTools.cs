using System.Reflection;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Mcp.Tests.Tools;

/// <summary>The tools that sentences for a model name in a form of its own, so that a person is told of something else.</summary>
internal static class MarkedTools
{
    /// <summary>Their names, as the list of tools has them.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [
            .. typeof(ToolNames)
                .GetFields(BindingFlags.Static | BindingFlags.Public)
                .Select(static field => (string)field.GetRawConstantValue()!)
                .Where(static name => name != ToolNames.Mark)
                .Select(ToolNames.Plain),
        ];
}
