using System.Text.Json;
using LoopOrchestrator.Core.Alarms;
using LoopOrchestrator.Core.Configuration.Values;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Json;

namespace LoopOrchestrator.Core.Configuration;

/// <summary>Reads <c>notices</c> of <c>mcp_startup.json</c>: who is told of what.</summary>
internal static class NoticesReader
{
    internal static readonly IReadOnlyList<string> Keys = ["on", "command", "webhook", "secretVariable"];

    private const int Most = 20;
    private const string Example = "[ { \"on\": [\"escalation\", \"recovered\"], \"webhook\": \"https://example.org/hook\" } ]";

    /// <summary>The entries that can be used; what is wrong with the others is told.</summary>
    public static IReadOnlyList<NoticeTarget> Read(JsonTextNode root, ConfigurationValues values)
    {
        if (root.Find("notices")?.Value is not { } list)
        {
            return [];
        }

        if (list.Kind != JsonValueKind.Array || list.Items.Length > Most)
        {
            values.Error(list, $"notices has to be a list of at most {Most} entries, such as {Example}");
            return [];
        }

        return [.. list.Items.Select((node, number) => Read(node, number, values)).OfType<NoticeTarget>()];
    }

    private static NoticeTarget? Read(JsonTextNode node, int number, ConfigurationValues values)
    {
        var key = $"notices[{number}]";
        if (!values.IsObject(node, key, Example[2..^2]))
        {
            return null;
        }

        var errors = values.ErrorCount;
        values.CheckKeys(node, Keys, key);
        var target = new NoticeTarget(number)
        {
            On = ReadEvents(node, key, values),
            Command = values.Texts(node, "command", key),
            Webhook = values.Address(node, "webhook", key),
            SecretVariable = values.Text(node, "secretVariable", key),
        };
        if (values.ErrorCount > errors)
        {
            return null;
        }

        if (target.Command.Count > 0 == (target.Webhook is not null))
        {
            values.Error(node, $"{key} needs either command or webhook, and not both");
            return null;
        }

        if (target.SecretVariable is { } variable && (target.Webhook is null || !IsName(variable)))
        {
            values.Error(
                node.Find("secretVariable")!.Value,
                target.Webhook is null
                    ? $"{key}.secretVariable signs what is posted, and goes with webhook only"
                    : $"{key}.secretVariable has to be the name of a variable, such as LOOP_NOTICE_SECRET, and not the secret itself"
            );
            return null;
        }

        return target;
    }

    private static List<string> ReadEvents(JsonTextNode node, string key, ConfigurationValues values)
    {
        if (node.Find("on")?.Value is not { Kind: JsonValueKind.Array, Items.Length: > 0 } list)
        {
            values.Error(
                node.Find("on")?.Value ?? node,
                $"{key}.on has to be a list of what is told: {string.Join(", ", IncidentNames.Events)}"
            );
            return [];
        }

        var events = new List<string>();
        foreach (var item in list.Items)
        {
            if (item.Text is { } text && IncidentNames.Events.Contains(text, StringComparer.Ordinal))
            {
                events.Add(text);
                continue;
            }

            var nearest = item.Text is { } word ? NearestName.Find(word, IncidentNames.Events) : null;
            values.Error(
                item,
                $"{key}.on holds {item.Raw} and can hold {string.Join(", ", IncidentNames.Events)}"
                    + (nearest is null ? "" : $"; '{nearest}' is nearest")
            );
        }

        return [.. events.Distinct(StringComparer.Ordinal)];
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 128 && !char.IsAsciiDigit(name[0]) && name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
