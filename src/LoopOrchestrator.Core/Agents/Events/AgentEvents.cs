using System.Text;
using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Agents.Events;

/// <summary>
/// Gathers what an agent's events tell while it runs, in bounded memory. Presets say here what an event means; values that cannot be
/// (a negative cost, a moment beyond the calendar) count as not told. Safe for one writer and any readers.
/// </summary>
internal sealed class AgentEvents
{
    private const int MaxTextLength = 16 * 1024;
    private const int MaxNameLength = 200;
    private const int MaxDenied = 20;
    private const int MaxTasks = 1000;

    // Lines of one message come close together; more than these do not go on side by side.
    private const int MaxMessages = 256;
    private const double MaxCost = 1_000_000;

    private readonly Lock _gate = new();
    private readonly StringBuilder _said = new();
    private readonly List<string> _denied = [];
    private readonly HashSet<string> _tasks = new(StringComparer.Ordinal);
    private bool _isOver;
    private long _faults;
    private long _waits;
    private int? _tasksAtRequest;
    private AgentAccount _account = new();

    // What each of the latest messages of the model has used as far as it is known, in the order in which they began.
    private readonly OrderedDictionary<string, AgentTokens> _messages = new(StringComparer.Ordinal);

    /// <summary>Whether the agent has sent its result, did nothing since, and has no task in the background: so it should end.</summary>
    public bool IsOver
    {
        get
        {
            lock (_gate)
            {
                return _isOver && _tasks.Count == 0;
            }
        }
    }

    /// <summary>What is known now; <see langword="null"/> as long as no event told anything.</summary>
    public AgentAccount? Account
    {
        get
        {
            lock (_gate)
            {
                var account = _account with
                {
                    LastText = _said.Length > 0 ? TextCut.Head(_said.ToString(), MaxTextLength).ToString() : null,
                    DeniedPermissions = [.. _denied],
                    OpenTasks = _tasksAtRequest ?? _tasks.Count,
                };
                return
                    account is { DeniedPermissions.Count: 0 }
                    && account == new AgentAccount { DeniedPermissions = account.DeniedPermissions }
                    ? null
                    : account;
            }
        }
    }

    /// <summary>
    /// The agent does something: what it told before was not its end. An error that is followed by work was a remark, and a limit of
    /// usage that is followed by work does not stand in its way.
    /// </summary>
    public void Worked()
    {
        lock (_gate)
        {
            _isOver = false;
            _account = _account with
            {
                HasWorked = true,
                IsUnfinished = _account.IsUnfinished || (_account.Result is not null && _tasksAtRequest is null),
                Fault = null,
                FaultStatus = null,
                IsSignedOut = false,
                IsUnreachable = false,
                ServiceFaults = 0,
                UsageLimit = null,
            };
        }
    }

    /// <summary>
    /// A turn or step begins: what stood before is not the end. Until it is over, so is nothing that the agent was to do.
    /// </summary>
    public void BeginTurn()
    {
        lock (_gate)
        {
            if (_tasksAtRequest is null)
            {
                _isOver = false;
                _account = _account with { IsUnfinished = true };
            }
        }
    }

    /// <summary>A turn or step that is no result of the whole is over.</summary>
    public void EndTurn() => Change(static account => account with { IsUnfinished = false });

    /// <summary>The agent tells of an error. It may go on by itself, so this ends nothing.</summary>
    /// <param name="text">Its words.</param>
    /// <param name="status">The HTTP status of the model's service, where it tells one.</param>
    /// <param name="isSignedOut">Whether it says that the key was refused or nobody is signed in.</param>
    /// <param name="isUnreachable">Whether it says, in a member of its own, that the model's service could not be reached.</param>
    public void Failed(string? text, int? status = null, bool isSignedOut = false, bool isUnreachable = false) =>
        Change(account =>
        {
            _faults++;
            return account with
            {
                Fault = TextCut.Head(string.IsNullOrWhiteSpace(text) ? "an error without a message" : text, MaxTextLength).ToString(),
                FaultStatus = status,
                IsSignedOut = isSignedOut,
                IsUnreachable = isUnreachable,
            };
        });

    /// <summary>How many errors were told so far, remarks among them.</summary>
    public long Faults
    {
        get
        {
            lock (_gate)
            {
                return _faults;
            }
        }
    }

    /// <summary>The agent says that it waits for something before it goes on.</summary>
    public void Waits() =>
        Change(account =>
        {
            _waits++;
            return account;
        });

    /// <summary>How many events were no progress: errors, and that it waits.</summary>
    public long IdleEvents
    {
        get
        {
            lock (_gate)
            {
                return _faults + _waits;
            }
        }
    }

    /// <summary>Counts the errors in a row that say that the model's service refused it or could not be reached.</summary>
    /// <param name="isAtFault">Whether the last one said so.</param>
    public void NoteService(bool isAtFault) =>
        Change(account => account with { ServiceFaults = isAtFault ? account.ServiceFaults + 1 : 0 });

    /// <summary>
    /// It is told to end. From here on it may call its tasks ended because it ends them itself, and give a result because it was told to:
    /// neither says that the work is done. What stood before stands.
    /// </summary>
    public void RequestEnd()
    {
        lock (_gate)
        {
            _tasksAtRequest ??= _tasks.Count;
        }
    }

    /// <summary>A task in the background has begun; until it ends, a result is not the end.</summary>
    public void BeginTask(string? id)
    {
        lock (_gate)
        {
            if (!string.IsNullOrEmpty(id) && _tasks.Count < MaxTasks)
            {
                _tasks.Add(TextCut.Head(id, MaxNameLength).ToString());
            }
        }
    }

    /// <summary>A task in the background has ended.</summary>
    public void EndTask(string? id)
    {
        lock (_gate)
        {
            _tasks.Remove(TextCut.Head(id ?? "", MaxNameLength).ToString());
        }
    }

    /// <summary>All tasks that go on in the background; others have ended.</summary>
    public void SetTasks(IEnumerable<string> ids)
    {
        lock (_gate)
        {
            _tasks.Clear();
            foreach (var id in ids.Where(static id => id.Length > 0).Take(MaxTasks))
            {
                _tasks.Add(TextCut.Head(id, MaxNameLength).ToString());
            }
        }
    }

    /// <summary>A whole message; it takes the place of the one before.</summary>
    public void Say(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return;
        }

        lock (_gate)
        {
            _said.Clear();
            _said.Append(TextCut.Head(text, MaxTextLength));
        }
    }

    /// <summary>A further piece of the message that goes on.</summary>
    public void SayMore(string? text)
    {
        lock (_gate)
        {
            _said.Append(text.AsSpan(0, Math.Clamp(MaxTextLength - _said.Length, 0, text?.Length ?? 0)));
        }
    }

    /// <summary>The message that went on is over; a further piece begins the next one.</summary>
    public void BeginMessage()
    {
        lock (_gate)
        {
            _said.Clear();
        }
    }

    /// <summary>The cost of the whole run so far. It never becomes less: what was spent is spent.</summary>
    public void TotalCost(double? dollars) =>
        Change(account => IsCost(dollars) && !(dollars < account.CostUsd) ? account with { CostUsd = dollars } : account);

    /// <summary>The cost of one further step.</summary>
    public void AddCost(double? dollars) =>
        Change(account => IsCost(dollars) ? account with { CostUsd = (account.CostUsd ?? 0) + dollars } : account);

    /// <summary>The tokens of the whole run so far. They never become less, as with the cost.</summary>
    public void TotalTokens(long? input, long? output, long? cached) =>
        Change(account =>
            Tokens(input, output, cached) is { } tokens
            && !(account.Tokens is { } before && tokens.Input + tokens.Output < before.Input + before.Output)
                ? account with
                {
                    Tokens = tokens,
                }
                : account
        );

    /// <summary>
    /// The tokens of one message of the model, as far as they are known: several lines may tell of the same one, and those of agents that
    /// work side by side come in any order.
    /// </summary>
    public void MessageTokens(string? id, long? input, long? output, long? cached) =>
        Change(account =>
        {
            if (string.IsNullOrEmpty(id) || Tokens(input, output, cached) is not { } tokens)
            {
                return account;
            }

            var key = TextCut.Head(id, MaxNameLength).ToString();
            var known = _messages.GetValueOrDefault(key) ?? new AgentTokens(0, 0, 0);
            tokens = new AgentTokens(
                Math.Max(tokens.Input, known.Input),
                Math.Max(tokens.Output, known.Output),
                Math.Max(tokens.Cached, known.Cached)
            );
            _messages[key] = tokens;
            if (_messages.Count > MaxMessages)
            {
                _messages.RemoveAt(0);
            }

            var before = account.Tokens ?? new AgentTokens(0, 0, 0);
            return account with
            {
                Tokens = new AgentTokens(
                    before.Input + tokens.Input - known.Input,
                    before.Output + tokens.Output - known.Output,
                    before.Cached + tokens.Cached - known.Cached
                ),
            };
        });

    /// <summary>The tokens of one further step.</summary>
    public void AddTokens(long? input, long? output, long? cached) =>
        Change(account =>
            Tokens(input, output, cached) is not { } tokens ? account
            : account.Tokens is not { } before ? account with { Tokens = tokens }
            : account with
            {
                Tokens = new AgentTokens(before.Input + tokens.Input, before.Output + tokens.Output, before.Cached + tokens.Cached),
            }
        );

    /// <summary>The session's id.</summary>
    public void Session(string? id) =>
        Change(account => string.IsNullOrEmpty(id) || id.Length > MaxNameLength ? account : account with { SessionId = id });

    /// <summary>A limit of usage was reached.</summary>
    /// <param name="kind">Which one, in the agent's word.</param>
    /// <param name="resetsAt">When it ends, if that was told.</param>
    /// <remarks>A refusal that says no more than that there is a limit does not take the place of one that is known better.</remarks>
    public void LimitReached(string? kind, DateTimeOffset? resetsAt) =>
        Change(account =>
            resetsAt is null && account.UsageLimit is { ResetsAt: not null }
                ? account
                : account with
                {
                    UsageLimit = new AgentUsageLimit(TextCut.Head(kind ?? "usage_limit", MaxNameLength).ToString(), resetsAt),
                }
        );

    /// <summary>A limit that was reached stands in the way no more.</summary>
    public void LimitLifted(string? kind) =>
        Change(account => account.UsageLimit?.Kind == kind ? account with { UsageLimit = null } : account);

    /// <summary>A tool was refused.</summary>
    public void Denied(string? tool)
    {
        if (string.IsNullOrEmpty(tool))
        {
            return;
        }

        var name = TextCut.Head(tool, MaxNameLength).ToString();
        lock (_gate)
        {
            if (_denied.Count < MaxDenied && !_denied.Contains(name, StringComparer.Ordinal))
            {
                _denied.Add(name);
            }
        }
    }

    /// <summary>The agent says that it is done. When it says so again, after further work, the last time counts.</summary>
    public void End(bool isError, string? text, int? turns = null) => End(new AgentResult(isError, text, turns));

    /// <summary>As above, with what else its result tells.</summary>
    public void End(AgentResult result)
    {
        var text = string.IsNullOrEmpty(result.Text) ? null : TextCut.Head(result.Text, MaxTextLength).ToString();
        var subtype = string.IsNullOrEmpty(result.Subtype) ? null : TextCut.Head(result.Subtype, MaxNameLength).ToString();
        lock (_gate)
        {
            if (_tasksAtRequest > 0 || (_tasksAtRequest is not null && _account.Result is not null))
            {
                return;
            }

            _isOver = true;
            var doubt = result.Doubt is { } why ? TextCut.Head(why, MaxNameLength).ToString() : null;
            _account = _account with { Result = result with { Text = text, Subtype = subtype, Doubt = doubt }, IsUnfinished = false };
        }
    }

    private void Change(Func<AgentAccount, AgentAccount> change)
    {
        lock (_gate)
        {
            _account = change(_account);
        }
    }

    private static bool IsCost(double? dollars) => dollars is >= 0 and < MaxCost;

    private static AgentTokens? Tokens(long? input, long? output, long? cached)
    {
        return input is null && output is null ? null : new AgentTokens(Sound(input), Sound(output), Sound(cached));

        static long Sound(long? count) => count is > 0 and < 1L << 50 ? count.Value : 0;
    }
}
