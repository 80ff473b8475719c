using System.Text.Json;
using LoopOrchestrator.Core.Agents.Events;

namespace LoopOrchestrator.Core.Agents.Presets;

/// <summary>
/// Everything that is particular to one agent program: its call, its way back to this server, what its events mean. One file each;
/// nothing elsewhere asks which agent it is. Stateless. The remarks of each say what was seen on a real program and what was only read.
/// </summary>
internal interface IAgentPreset
{
    /// <summary>
    /// The name in <c>mcp_startup.json</c>; also the program that is looked up on <c>PATH</c> when no command is configured.
    /// </summary>
    string Name { get; }

    /// <summary>
    /// Whether its standard output carries structured events. Without, only the exit code and <c>complete_run</c> decide.
    /// </summary>
    bool HasEvents => true;

    /// <summary>What decides whether a run of it succeeded.</summary>
    ResultRules Results { get; }

    /// <summary>
    /// How long it may go on without any event of an answer of a model, in seconds, for a program that prints nothing while it cannot reach
    /// one; <see langword="null"/> where its events tell. <c>limits.firstAnswerSeconds</c> takes its place.
    /// </summary>
    double? FirstAnswerSeconds => null;

    /// <summary>Whether its own sandbox keeps it from writing below <c>.git</c>, so that it cannot commit.</summary>
    bool IsKeptFromGit => false;

    /// <summary>Why it cannot call this server back; <see langword="null"/> where it can.</summary>
    string? WhyNoWayBack => null;

    /// <summary>What it can be told of the files that it may edit.</summary>
    EditRules Edits => new();

    /// <summary>Variables that it needs beside those that every agent gets: names, or prefixes that end in <c>*</c>.</summary>
    IReadOnlyList<string> Variables { get; }

    /// <summary>
    /// Variables by which a session of the program is told apart from others: names, with <c>*</c> for any characters. A server may be
    /// started from within such a session, and no agent of ours belongs to it.
    /// </summary>
    IReadOnlyList<string> SessionVariables => [];

    /// <summary>The clouds through which it may reach its model, and what it needs then.</summary>
    IReadOnlyList<CloudAccess> CloudAccesses => [];

    /// <summary>The arguments that print its version and do nothing else.</summary>
    IReadOnlyList<string> VersionArguments => ["--version"];

    /// <summary>The call for one run.</summary>
    AgentInvocation Build(AgentCall call);

    /// <summary>
    /// Takes what one event tells. An unknown one tells nothing. May throw <see cref="InvalidOperationException"/> on text that is none.
    /// </summary>
    /// <param name="line">A JSON object.</param>
    /// <param name="events">Where it goes.</param>
    void Read(JsonElement line, AgentEvents events);

    /// <summary>
    /// What an event tells a person who reads along; nothing where there is nothing to read in it. May throw
    /// <see cref="InvalidOperationException"/> on text that is none.
    /// </summary>
    /// <param name="line">A JSON object.</param>
    IEnumerable<TranscriptEntry> Transcribe(JsonElement line);
}
