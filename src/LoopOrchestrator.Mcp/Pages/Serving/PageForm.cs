using System.Security.Cryptography;
using System.Text;
using LoopOrchestrator.Mcp.Pages.Access;
using Microsoft.AspNetCore.Http;

namespace LoopOrchestrator.Mcp.Pages.Serving;

/// <summary>A form that was sent, by somebody who may send it.</summary>
/// <param name="Request">The request.</param>
/// <param name="Fields">What is in it.</param>
internal sealed record PageForm(PageRequest Request, IFormCollection Fields)
{
    /// <summary>The name of the field by which a form that was sent twice is known.</summary>
    public const string IdField = "request_id";

    /// <summary>A field as it was sent; <see langword="null"/> for one that is not there.</summary>
    public string? Find(string name) => Fields.TryGetValue(name, out var values) && values is [{ } value, ..] ? value : null;

    /// <summary>
    /// By what the same form is known that is sent twice, as by a double click; <see langword="null"/> for one that may be. It stands for
    /// what is in the form too: who comes back to its page and asks for something else is not taken for the same.
    /// </summary>
    public string? RequestId => Find(IdField) is { Length: > 0 } ? Digest() : null;

    /// <summary>A field that the form has; empty for one that is not there.</summary>
    public string Text(string name) => Find(name) ?? "";

    // Each with its length and the number of its values, so that no two forms give the same text.
    private string Digest()
    {
        var text = new StringBuilder("form");
        foreach (
            var (name, values) in Fields
                .Where(static one => one.Key != FormToken.Field)
                .OrderBy(static one => one.Key, StringComparer.Ordinal)
        )
        {
            text.Append(' ').Append(values.Count).Append('*');
            foreach (var part in values.Prepend(name))
            {
                text.Append(' ').Append(part?.Length ?? 0).Append(':').Append(part);
            }
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
