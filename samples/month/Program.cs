using System.Globalization;
using LoopOrchestrator.Testing.Workspaces;

if (args is not [var folder, .. var rest] || rest.Length > 1)
{
    Console.Error.WriteLine("usage: samples/month/make FOLDER [END], such as 2026-03-02T09:00:00Z; END is now by default");
    return 2;
}

var end = rest is [var moment]
    ? DateTimeOffset.Parse(moment, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
    : DateTimeOffset.UtcNow;
try
{
    await MonthOfHistory.MakeAsync(Path.GetFullPath(folder), days: 30, end, MonthOfHistory.Seed, CancellationToken.None);
}
catch (IOException exception)
{
    Console.Error.WriteLine($"error: {exception.Message}");
    return 1;
}

Console.WriteLine($"A month of history is in {folder}. Look at it with: loop-orchestrator status --workspace {folder}");
return 0;
