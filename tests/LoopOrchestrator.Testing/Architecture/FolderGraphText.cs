using System.Text;

namespace LoopOrchestrator.Testing.Architecture;

/// <summary>A graph of folders as text: what each uses, and what ties those together that are a cycle.</summary>
public static class FolderGraphText
{
    /// <summary>The whole graph: a line for each folder, then the cycles with the uses that make them.</summary>
    /// <param name="graph">The graph.</param>
    public static string Describe(FolderGraph graph)
    {
        var cycles = graph.Cycles();
        var width = graph.Folders.Append("").Max(static folder => folder.Length);
        var text = new StringBuilder();
        foreach (var folder in graph.Folders)
        {
            var uses = graph.UsesOf(folder);
            text.Append($"{folder.PadRight(width)}  {(uses.Count == 0 ? "uses none" : "uses " + string.Join(", ", uses))}\n");
        }

        text.Append($"\n{graph.Folders.Count} folders, largest cycle: {(cycles.Count == 0 ? 1 : cycles[0].Count)}\n");
        foreach (var cycle in cycles)
        {
            text.Append($"\nCycle of {cycle.Count}: {string.Join(", ", cycle)}\n");
            foreach (var from in cycle)
            {
                foreach (var to in graph.UsesOf(from).Where(to => cycle.Contains(to, StringComparer.Ordinal)))
                {
                    text.Append(Edge(graph, from, to));
                }
            }
        }

        return text.ToString();
    }

    /// <summary>Which types of a folder use which types of another.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="from">The folder that uses.</param>
    /// <param name="to">The folder that is used.</param>
    public static string Edge(FolderGraph graph, string from, string to)
    {
        var types = graph.TypesBetween(from, to);
        var text = new StringBuilder($"  {from} -> {to} ({types.Count})\n");
        foreach (var (user, used) in types)
        {
            text.Append($"      {user} -> {used}\n");
        }

        return text.ToString();
    }
}
