using LoopOrchestrator.Core.Alarms;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Storage.Rows;

/// <summary>How the signs of a look become incidents that begin, change and end; the same for all backends.</summary>
internal static class IncidentEntry
{
    private const int MaxReasonLength = 500;

    /// <summary>Whether the signs say what is recorded already: mostly so, and then nobody who writes has to wait for them.</summary>
    public static bool IsSame(IReadOnlyList<Incident> open, IReadOnlyList<IncidentSign> signs, IReadOnlyList<IncidentKind> kinds) =>
        signs.All(sign =>
            open.Any(incident => IsOf(incident, sign) && incident.Level == sign.Level && incident.Reason == Cut(sign.Reason))
        ) && open.All(incident => !kinds.Contains(incident.Kind) || signs.Any(sign => IsOf(incident, sign)));

    /// <summary>Records the signs, within one transaction; see <see cref="IIncidentStore.ReconcileAsync"/>.</summary>
    /// <returns>The incidents that began or ended.</returns>
    public static IReadOnlyList<Incident> Reconcile(
        IIncidentTable rows,
        IReadOnlyList<IncidentSign> signs,
        IReadOnlyList<IncidentKind> kinds,
        IReadOnlyList<NoticeTarget> targets,
        DateTimeOffset now
    )
    {
        var changed = new List<Incident>();
        var open = rows.Open();
        foreach (var sign in signs.DistinctBy(static sign => (sign.Kind, sign.Subject)))
        {
            var reason = rows.Redact(Cut(sign.Reason));
            if (open.Any(incident => IsOf(incident, sign)))
            {
                rows.Change(sign, reason, now);
                continue;
            }

            var id = rows.Begin(sign, reason, now);
            AddDeliveries(rows, id, IncidentNames.Begun, targets.Where(target => target.HearsBegin(sign.Kind)), now);
            changed.Add(new Incident(id, sign.Kind, sign.Subject, reason, now, now, sign.Level, EndedAt: null));
        }

        foreach (var incident in open.Where(incident => kinds.Contains(incident.Kind) && !signs.Any(sign => IsOf(incident, sign))))
        {
            rows.End(incident.Id, now);
            AddDeliveries(rows, incident.Id, IncidentNames.Recovered, targets.Where(target => target.HearsEnd(incident.Kind)), now);
            changed.Add(incident with { EndedAt = now });
        }

        return changed;
    }

    private static void AddDeliveries(IIncidentTable rows, long id, string what, IEnumerable<NoticeTarget> targets, DateTimeOffset now)
    {
        // Two entries with one address and one secret are one receiver, which is told once.
        foreach (var key in targets.Select(static target => target.Key).Distinct(StringComparer.Ordinal))
        {
            rows.AddDelivery(id, what, key, now);
        }
    }

    private static bool IsOf(Incident incident, IncidentSign sign) => incident.Kind == sign.Kind && incident.Subject == sign.Subject;

    private static string Cut(string reason) => TextCut.Head(reason, MaxReasonLength).ToString();
}
