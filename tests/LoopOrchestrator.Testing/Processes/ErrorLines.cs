namespace LoopOrchestrator.Testing.Processes;

/// <summary>Lines of a process's standard error, with waiting for one of them.</summary>
internal sealed class ErrorLines
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private TaskCompletionSource _changed = NewSignal();
    private bool _ended;

    public string Text
    {
        get
        {
            lock (_lock)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    /// <param name="line">The line; <see langword="null"/> says that there will be none after it.</param>
    public void Add(string? line)
    {
        lock (_lock)
        {
            if (line is null)
            {
                _ended = true;
            }
            else
            {
                _lines.Add(line);
            }

            _changed.TrySetResult();
            _changed = NewSignal();
        }
    }

    /// <returns>The first line that starts like this, or <see langword="null"/> once there can be none.</returns>
    public async Task<string?> WaitForAsync(string prefix)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                var line = _lines.Find(candidate => candidate.StartsWith(prefix, StringComparison.Ordinal));
                if (line is not null || _ended)
                {
                    return line;
                }

                changed = _changed.Task;
            }

            await changed;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
