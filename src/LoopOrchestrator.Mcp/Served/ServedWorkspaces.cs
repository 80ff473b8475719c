using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Register;

namespace LoopOrchestrator.Mcp.Served;

/// <summary>
/// The workspaces of a server that serves several, in the order in which they were named; the first counts where none is.
/// </summary>
/// <param name="all">Two or more, each with a name and a folder of its own.</param>
internal sealed class ServedWorkspaces(IReadOnlyList<ServedWorkspace> all) : IDisposable
{
    private const int MaxShown = 200;

    // By it a measurement finds the workspace in whose work it is taken; it follows that work over threads.
    private static readonly AsyncLocal<string?> Name = new();

    /// <summary>The name of the workspace that is worked for; <see langword="null"/> in a server of one.</summary>
    public static string? Current => Name.Value;

    private readonly TaskCompletionSource _tried = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _asked = new(0, 1);

    /// <summary>Ends when each was tried to be opened: before that nobody can say which can be served.</summary>
    public Task Tried => _tried.Task;

    /// <summary>All of them.</summary>
    public IReadOnlyList<ServedWorkspace> All => all;

    /// <summary>The one that counts where none is named.</summary>
    public ServedWorkspace Default => all[0];

    /// <summary>What is done from here on, in this flow of calls, is work for this workspace.</summary>
    public static void WorkFor(string name) => Name.Value = name;

    /// <summary>Each was tried to be opened.</summary>
    public void SetTried() => _tried.TrySetResult();

    /// <summary>The one that somebody means.</summary>
    /// <param name="text">A name, or a folder by its whole path; <see langword="null"/> for the first.</param>
    /// <exception cref="UserErrorException">It is none of these, or cannot be served now.</exception>
    public ServedWorkspace Choose(string? text)
    {
        var chosen = text is null ? Default : Find(text) ?? throw new UserErrorException(Explain(text));
        if (chosen.Problem is not { } problem)
        {
            return chosen;
        }

        AskAgain();
        throw new UserErrorException(
            $"The workspace '{chosen.Name}' ({chosen.Folder}) is not served now: {problem.TrimEnd('.')}. {Others(chosen)}"
        );
    }

    /// <summary>Somebody waits for one that is not served: it is tried at once.</summary>
    public void AskAgain()
    {
        lock (_gate)
        {
            if (_asked.CurrentCount == 0)
            {
                _asked.Release();
            }
        }
    }

    /// <summary>Waits until somebody asks again, or for this long.</summary>
    public Task WaitAsync(TimeSpan most, CancellationToken cancellationToken) => _asked.WaitAsync(most, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _asked.Dispose();

    /// <summary>The one of a name.</summary>
    public ServedWorkspace? OfName(string name) => all.FirstOrDefault(one => WorkspaceName.Same(one.Name, name));

    private ServedWorkspace? Find(string text)
    {
        try
        {
            return OfName(text) ?? (Path.IsPathFullyQualified(text) ? OfFolder(RealPath.Of(text)) : OfRegister(text));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Links in a circle, or what no path can be, lead to no workspace.
            return null;
        }
    }

    private ServedWorkspace? OfFolder(string folder) => all.FirstOrDefault(one => RealPath.Of(one.Folder) == folder);

    // It may have got another name since the server started.
    private ServedWorkspace? OfRegister(string text) =>
        WorkspaceName.HasForm(text) && new WorkspaceRegister(WorkspaceRegister.DefaultFile).Find(text) is { } registered
            ? OfFolder(registered.Folder)
            : null;

    private string Explain(string text)
    {
        var names = all.Select(static one => one.Name).ToList();
        var hint = NearestName.Find(text, names) is { } nearest ? $"; did you mean '{nearest}'?" : ".";
        var shown = string.Concat(text.EnumerateRunes().Take(MaxShown));
        return $"'{shown}' is no workspace of this server{hint} It serves: {string.Join(", ", names)}.";
    }

    private string Others(ServedWorkspace but)
    {
        var open = all.Where(one => one != but && one.Problem is null).Select(static one => one.Name).ToList();
        return open.Count == 0 ? "None of the others is either." : $"Served are: {string.Join(", ", open)}.";
    }
}
