using LoopOrchestrator.Core.Diagnostics;

namespace LoopOrchestrator.Core.Scheduling.Reading;

/// <summary>Decides whether an entry is in Roo Scheduler's format before its fields are read one by one.</summary>
internal static class ScheduleEntryShape
{
    private const int ShownKeys = 5;

    /// <summary>Reports what is wrong with the entry as a whole.</summary>
    /// <returns>Whether reading its fields makes sense; <see langword="false"/> keeps one cause from giving many findings.</returns>
    public static bool Check(ScheduleFields fields)
    {
        var node = fields.Node;
        ReportRepeated(fields);
        if (fields.Id is null)
        {
            ReportMissingId(fields);
        }

        if (
            !node.Members.Any(member => ScheduleKeys.Meant(member.Name) is { } key && ScheduleKeys.IsCore(key))
            && node.Members.Any(member => ScheduleKeys.Meant(member.Name) is null)
        )
        {
            var keys = node.Members.Select(member => member.Name).Where(name => ScheduleKeys.Meant(name) is null).Take(ShownKeys);
            fields.Report(
                DiagnosticSeverity.Error,
                node.Span.Start,
                $"this is not Roo Scheduler's format, it is described by {string.Join(", ", keys)}; write mode and "
                    + "taskInstructions, and timeInterval with timeUnit or cron"
            );
            return false;
        }

        return CheckNames(fields) & CheckType(fields);
    }

    private static bool CheckNames(ScheduleFields fields)
    {
        var misnamed = fields
            .Node.Members.Select(member => (Member: member, Meant: ScheduleKeys.Meant(member.Name)))
            .Where(pair => pair.Meant is not null && !string.Equals(pair.Meant, pair.Member.Name, StringComparison.Ordinal))
            .ToList();
        var lost = misnamed.Where(pair => ScheduleKeys.Decides(pair.Meant!) && fields.Node.Find(pair.Meant!) is null).ToList();
        if (misnamed.Count == 0)
        {
            return true;
        }

        var names = string.Join(", ", misnamed.Select(pair => $"{pair.Member.Name} to {pair.Meant}"));
        fields.Report(
            lost.Count > 0 ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
            misnamed[0].Member.NameSpan.Start,
            $"Roo Scheduler writes the names of its fields differently, so these are not seen; rename {names}"
        );
        return lost.Count == 0;
    }

    private static bool CheckType(ScheduleFields fields)
    {
        if (!fields.TryFind("scheduleType", out var type) || string.Equals(type.Value.Text, "time", StringComparison.Ordinal))
        {
            return true;
        }

        fields.Report(
            DiagnosticSeverity.Error,
            type,
            string.Equals(type.Value.Text, "completion", StringComparison.Ordinal)
                ? "Roo Scheduler lists this type but never fires it, and neither is it supported here; write \"time\""
                : "the only type with a meaning is \"time\""
        );
        return false;
    }

    private static void ReportMissingId(ScheduleFields fields)
    {
        const string Advice = "give it an \"id\", a string that no other schedule has";
        if (fields.Node.Find("id") is { } member)
        {
            fields.Report(DiagnosticSeverity.Error, member, Advice);
        }
        else
        {
            fields.Report(DiagnosticSeverity.Error, fields.Node.Span.Start, $"it has no id; {Advice}");
        }
    }

    private static void ReportRepeated(ScheduleFields fields)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in fields.Node.Members.Where(member => !seen.Add(member.Name)))
        {
            fields.Report(
                DiagnosticSeverity.Warning,
                member.NameSpan.Start,
                $"{ScheduleFields.Quote(member.Name)} occurs more than once; the last one counts"
            );
        }
    }
}
