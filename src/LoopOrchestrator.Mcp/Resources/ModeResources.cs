using System.ComponentModel;
using System.Text;
using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Mcp.Tools.Calls;
using LoopOrchestrator.Mcp.Tools.Planning;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Resources;

/// <summary>What the agent of a mode is told, for clients that let people attach it.</summary>
[McpServerResourceType]
internal sealed class ModeResources(Workspace workspace)
{
    private const int MaxPart = ResourceText.MaxBytes / 4;

    [McpServerResource(
        UriTemplate = "loop://modes/{slug}",
        Name = "mode",
        Title = "A mode",
        MimeType = ResourceText.Markdown,
        IconSource = ResourceIcon.Source
    )]
    [Description("One mode: its role, when to use it, what it may do and how it works. Changes of .roomodes are seen at once.")]
    public TextResourceContents Mode(
        [Description("The mode's slug, as list_modes has it.")] string slug,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        Mode mode;
        try
        {
            mode = workspace.Modes.Get(slug);
        }
        catch (UserErrorException exception)
        {
            throw new MissingResourceException(exception);
        }

        var shown = ModeResult.From(workspace, mode);
        var text = new StringBuilder($"# {mode.Name} (`{mode.Slug}`)\n\n");
        Line("Stage", shown.Stage);
        Line("Agent", shown.Agent);
        Line("May use", shown.Groups.Count > 0 ? string.Join(", ", shown.Groups) : "nothing: it thinks and answers");
        Line("Defined by", mode.Source == ModeSource.BuiltIn ? "Loop Orchestrator" : ".roomodes");
        Part("Role", mode.RoleDefinition);
        Part("When to use it", mode.WhenToUse);
        Part("How it works", mode.CustomInstructions);
        return ResourceText.Of($"loop://modes/{mode.Slug}", ResourceText.Markdown, text.ToString());

        void Line(string name, string? value)
        {
            if (value is not null)
            {
                text.Append("- ").Append(name).Append(": ").Append(value).Append('\n');
            }
        }

        void Part(string title, string? value)
        {
            if (value is null)
            {
                return;
            }

            text.Append("\n## ").Append(title).Append("\n\n").Append(AnswerLimits.Cut(value.Trim(), MaxPart)).Append('\n');
            if (value.Trim().Length > MaxPart)
            {
                text.Append($"\n(`loop-orchestrator modes show {mode.Slug}` prints it whole.)\n");
            }
        }
    }
}
