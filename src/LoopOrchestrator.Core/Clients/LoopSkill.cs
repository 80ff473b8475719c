using System.Text;

namespace LoopOrchestrator.Core.Clients;

/// <summary>What Claude Code is told of working the loop, as a skill: a file that it reads when the work is about that.</summary>
internal static class LoopSkill
{
    /// <summary>The skill's folder and its file below a folder of skills.</summary>
    public static readonly string Place = Path.Combine("loop", "SKILL.md");

    private const string Text = """
        ---
        name: loop
        description: Work hand-offs of Loop Orchestrator. Use when asked to work the loop, to take the next run, or to report one.
        ---

        # Working the loop

        The MCP server `loop` holds runs that wait for an agent: hand-offs. You take one, do it, and report it. The tools are `claim_run`,
        `get_run`, `complete_run`, `get_status`.

        1. **Take one.** Call `claim_run`, with `mode` when you were asked for one mode only. It answers the brief, the `run_id`, a
           `lease_token` and `lease_seconds`. Without a run in the answer nothing waits: say so and end; do not make work up.
        2. **Work.** The brief says what is to be done, in which mode, and what that mode may change. Keep to it. The files of the workspace
           say the rest: `TODO.md`, `persistent-memory.md`.
        3. **Keep the lease.** The run is yours for `lease_seconds`. Call `get_run` with `run_id` and `lease_token` well within that time,
           again and again while you work. When you stay silent longer, the run goes back to the queue and somebody else may take it; a
           report with the old token is then refused, and you stop working on it.
        4. **Report.** Call `complete_run` with `run_id`, `lease_token`, `outcome` and `summary`:
           - `succeeded`: it is done, and the summary names the evidence (the tests that ran, the files that changed).
           - `failed`: it is not done, and the summary says why. That is better than a doubtful success.
           - `needs_input`: a person has to decide first; put each question into `questions`.
           `findings` are what others need to know later, `follow_ups` is work that you saw and did not do.
        5. **Go on** with step 1 as long as you were asked to.

        A run is always ended with `complete_run`, also when you cannot do it. Never report a run that you did not take. Ask `get_status`
        when something is unclear: it says what runs, what waits and what needs a person.

        """;

    /// <summary>The file's content.</summary>
    public static byte[] Content => Encoding.UTF8.GetBytes(Text.ReplaceLineEndings("\n"));
}
