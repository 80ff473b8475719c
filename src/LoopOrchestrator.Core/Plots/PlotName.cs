namespace LoopOrchestrator.Core.Plots;

/// <summary>What a drawing is called.</summary>
public sealed record PlotName
{
    /// <summary>Names it.</summary>
    /// <param name="id">Unique on its page: ASCII letters, digits and hyphens, a letter first. Never a text of others.</param>
    /// <param name="title">What it shows, for those who cannot see it.</param>
    /// <exception cref="ArgumentException">The id is none.</exception>
    public PlotName(string id, string title)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(title);
        if (id.Length == 0 || !char.IsAsciiLetter(id[0]) || !id.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter == '-'))
        {
            throw new ArgumentException($"'{id}' is no id of a drawing.", nameof(id));
        }

        (Id, Title) = (id, title);
    }

    /// <summary>Its id on the page.</summary>
    public string Id { get; }

    /// <summary>What it shows.</summary>
    public string Title { get; }
}
