using System.Text;

namespace LoopOrchestrator.Core.Modes.Import;

/// <summary>Makes a slug of a name that may be anything.</summary>
internal static class ImportedSlug
{
    private const int MaxLength = 64;

    /// <summary>The name in lower case with everything but letters, digits and hyphens as hyphens; empty when nothing is left.</summary>
    public static string Of(string name)
    {
        var slug = new StringBuilder();
        foreach (var character in name)
        {
            if (char.IsAsciiLetterOrDigit(character))
            {
                slug.Append(char.ToLowerInvariant(character));
            }
            else if (slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }

            if (slug.Length == MaxLength)
            {
                break;
            }
        }

        return slug.ToString().Trim('-');
    }
}
