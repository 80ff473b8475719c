using Microsoft.AspNetCore.Http;

namespace LoopOrchestrator.Mcp.Pages.Serving;

/// <summary>A form that was sent, by somebody who may send it.</summary>
/// <param name="Request">The request.</param>
/// <param name="Fields">What is in it.</param>
internal sealed record PageForm(PageRequest Request, IFormCollection Fields)
{
    /// <summary>A field as it was sent; <see langword="null"/> for one that is not there.</summary>
    public string? Find(string name) => Fields.TryGetValue(name, out var values) && values is [{ } value, ..] ? value : null;

    /// <summary>A field that the form has; empty for one that is not there.</summary>
    public string Text(string name) => Find(name) ?? "";
}
