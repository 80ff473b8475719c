namespace LoopOrchestrator.Mcp.Pages.Layout;

/// <summary>What stands around every page.</summary>
/// <param name="Workspace">The folder that it is about.</param>
/// <param name="Version">The version of the program.</param>
/// <param name="StyleSheet">Where the sheet of style is.</param>
/// <param name="Script">Where the script is.</param>
/// <param name="Icon">Where the icon is.</param>
internal sealed record PageFrame(string Workspace, string Version, PageUrl StyleSheet, PageUrl Script, PageUrl Icon)
{
    /// <summary>The name of the token of whoever is signed in; <see langword="null"/> where nobody has to be.</summary>
    public string? Visitor { get; init; }

    /// <summary>What that token lets its holder do.</summary>
    public string? Scope { get; init; }

    /// <summary>The zone in which moments are shown, in words.</summary>
    public string? Zone { get; init; }

    /// <summary>The form that signs out; nothing where nobody is signed in by a cookie.</summary>
    public Html SignOut { get; init; }

    /// <summary>Whether it stands around a page of all workspaces, and names none.</summary>
    public bool IsOfAll { get; init; }

    /// <summary>Below which address the pages of its workspace stand; <see langword="null"/> in a server of one.</summary>
    public string? Base { get; init; }

    /// <summary>Whether the visitor is let in: else neither the other pages nor the name of the workspace are told.</summary>
    public bool IsInside { get; init; } = true;
}
