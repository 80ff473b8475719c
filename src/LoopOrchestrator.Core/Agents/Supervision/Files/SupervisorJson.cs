using System.Buffers;
using System.Text.Json;

namespace LoopOrchestrator.Core.Agents.Supervision.Files;

/// <summary>
/// What a supervisor itself reads and writes, as <see cref="RunFolderJson"/> would, member by member. A generated serializer has to
/// describe
/// its types first, and for a process that reads one text and writes two this took a sixth of all its processor time.
/// </summary>
internal static class SupervisorJson
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    /// <summary>Reads an order; <see langword="null"/> when the text is not one.</summary>
    public static SupervisorOrder? ReadOrder(ReadOnlyMemory<byte> text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object ? ReadOrder(document.RootElement) : null;
        }
        catch (Exception exception)
            when (exception is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The text of a record.</summary>
    public static byte[] Write(SupervisorRecord record) => Write(record, static (writer, record) =>
        {
            writer.WriteString("supervisor", record.Supervisor);
            Write(writer, "agent", record.Agent);
        });

    /// <summary>The text of an outcome.</summary>
    public static byte[] Write(SupervisorOutcome outcome) => Write(outcome, static (writer, outcome) =>
        {
            writer.WriteString("end", outcome.End.ToString());
            writer.WriteString("reason", outcome.Reason);
            writer.WriteString("ended_at", outcome.EndedAt);
            Write(writer, "secret", outcome.Secret);
            if (outcome.ExitCode is { } code)
            {
                writer.WriteNumber("exit_code", code);
            }

            Write(writer, "agent_digest", outcome.AgentDigest);
            Write(writer, "error_line", outcome.ErrorLine);
            if (outcome.Account is { } account)
            {
                // Only agents that tell of themselves have one.
                writer.WritePropertyName("account");
                JsonSerializer.Serialize(writer, account, RunFolderJson.Default.AgentAccount);
            }

            writer.WriteString("output_tail", outcome.OutputTail);
            writer.WriteNumber("output_bytes", outcome.OutputBytes);
            writer.WriteNumber("dropped_bytes", outcome.DroppedBytes);
            writer.WriteNumber("ended_processes", outcome.EndedProcesses);
        });

    private static SupervisorOrder ReadOrder(JsonElement order)
    {
        var read = new SupervisorOrder
        {
            RunId = Text(order.GetProperty("run_id")),
            StartId = Optional(order, "start_id")?.GetString(),
            Command = Texts(order.GetProperty("command")),
            WorkingFolder = Text(order.GetProperty("working_folder")),
            InputFile = Optional(order, "input_file")?.GetString(),
            PassEnvironment = Optional(order, "pass_environment") is { } pass ? Texts(pass) : [],
            Events = Optional(order, "events")?.GetString(),
            TimeoutSeconds = order.GetProperty("timeout_seconds").GetDouble(),
            AgentDigest = Optional(order, "agent_digest")?.GetString(),
            FirstAnswerSeconds = Optional(order, "first_answer_seconds")?.GetDouble(),
            FirstOutputSeconds = Optional(order, "first_output_seconds")?.GetDouble(),
            SilenceSeconds = Optional(order, "silence_seconds")?.GetDouble(),
            CostLimitUsd = Optional(order, "cost_limit_usd")?.GetDouble(),
            TokenLimit = Optional(order, "token_limit")?.GetInt64(),
            OrderedBy = Optional(order, "ordered_by")?.GetString(),
            OrderedAt = Optional(order, "ordered_at")?.GetDateTimeOffset(),
            Bell = Text(order.GetProperty("bell")),
        };
        return read with
        {
            Environment = order.TryGetProperty("environment", out var environment) ? Variables(environment) : read.Environment,
            ResultGraceSeconds = order.TryGetProperty("result_grace_seconds", out var result)
                ? result.GetDouble()
                : read.ResultGraceSeconds,
            KillGraceSeconds = order.TryGetProperty("kill_grace_seconds", out var kill) ? kill.GetDouble() : read.KillGraceSeconds,
            OutputLimitBytes = order.TryGetProperty("output_limit_bytes", out var bytes) ? bytes.GetInt64() : read.OutputLimitBytes,
        };
    }

    private static JsonElement? Optional(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string Text(JsonElement element) => element.GetString() ?? throw new JsonException("A text that must be there is null.");

    private static List<string> Texts(JsonElement element) => [.. element.EnumerateArray().Select(Text)];

    // Of two with one name the last one counts.
    private static Dictionary<string, string> Variables(JsonElement element)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var variable in element.EnumerateObject())
        {
            variables[variable.Name] = Text(variable.Value);
        }

        return variables;
    }

    private static void Write(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    private static byte[] Write<T>(T value, Action<Utf8JsonWriter, T> members)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Indented))
        {
            writer.WriteStartObject();
            members(writer, value);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
