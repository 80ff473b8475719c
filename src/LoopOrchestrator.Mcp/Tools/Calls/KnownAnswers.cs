using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using LoopOrchestrator.Core;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Protocol;

namespace LoopOrchestrator.Mcp.Tools.Calls;

/// <summary>
/// Answers that were made of something that is the same object as long as nothing has changed: while it is, they are given again as they
/// stand, and are gone with it. Safe for many threads.
/// </summary>
internal static class KnownAnswers
{
    // Few have any argument, and each of those few values.
    private const int MaxOfOne = 16;

    private static readonly ConditionalWeakTable<object, ConcurrentDictionary<string, CallToolResult>> Known = [];

    /// <summary>What the answer of a tool is made of; <see langword="null"/> for a tool whose answers are made anew each time.</summary>
    /// <param name="tool">Its name.</param>
    /// <param name="services">Those of the workspace.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async ValueTask<object?> BasisAsync(string tool, IServiceProvider services, CancellationToken cancellationToken) =>
        tool == "list_schedules"
            ? await services.GetRequiredService<Workspace>().Status.ScheduleOverviewAsync(cancellationToken)
            : null;

    /// <summary>The answer that was made of it for the same call, for one caller; <see langword="null"/> where there is none.</summary>
    public static CallToolResult? Find(object basis, string tool, IDictionary<string, JsonElement>? arguments) =>
        Known.TryGetValue(basis, out var answers) && answers.TryGetValue(Key(tool, arguments), out var answer) ? Copy(answer) : null;

    /// <summary>Keeps an answer that was made of it.</summary>
    public static void Keep(object basis, string tool, IDictionary<string, JsonElement>? arguments, CallToolResult answer)
    {
        var answers = Known.GetValue(basis, static _ => new ConcurrentDictionary<string, CallToolResult>(StringComparer.Ordinal));
        if (answer.IsError is not true && answers.Count < MaxOfOne)
        {
            answers[Key(tool, arguments)] = Copy(answer);
        }
    }

    // What is sent with one answer only is added to it behind here.
    private static CallToolResult Copy(CallToolResult answer) =>
        new()
        {
            Content = [.. answer.Content],
            StructuredContent = answer.StructuredContent,
            IsError = answer.IsError,
        };

    private static string Key(string tool, IDictionary<string, JsonElement>? arguments) =>
        arguments is null or { Count: 0 }
            ? tool
            : string.Join(
                '\n',
                arguments
                    .Select(static argument => $"{argument.Key}={argument.Value.GetRawText()}")
                    .Order(StringComparer.Ordinal)
                    .Prepend(tool)
            );
}
