using LoopOrchestrator.Testing.Architecture;

if (args is not [var file, var root, .. var rest] || rest is not ([] or ["--edges", _, _]))
{
    await Console.Error.WriteLineAsync("usage: FolderGraph ASSEMBLY ROOT-NAMESPACE [--edges FOLDER FOLDER]");
    return 2;
}

var graph = FolderGraph.Read(file, root);
if (rest is not [_, var from, var to])
{
    Console.Write(FolderGraphText.Describe(graph));
    return 0;
}

foreach (var folder in new[] { from, to }.Where(folder => !graph.Folders.Contains(folder, StringComparer.Ordinal)))
{
    await Console.Error.WriteLineAsync($"{root} has no folder '{folder}'; it has: {string.Join(", ", graph.Folders)}");
    return 2;
}

Console.Write(FolderGraphText.Edge(graph, from, to));
return 0;
