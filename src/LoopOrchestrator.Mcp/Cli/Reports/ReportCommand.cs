using System.CommandLine;
using System.Globalization;
using System.Text;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Reports;
using LoopOrchestrator.Core.Reports.Writing;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Commands;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Cli.Reports;

/// <summary><c>report</c>: what happened in a period, as a file to send to somebody.</summary>
internal static class ReportCommand
{
    private const string Html = "html";
    private const string Markdown = "md";

    public static Command Create()
    {
        var period = new Option<string>("--period")
        {
            HelpName = "PERIOD",
            Description = $"Which time: {ReportPeriod.Forms}. UTC.",
            DefaultValueFactory = static _ => "7d",
        };
        var format = new Option<string?>("--format")
        {
            HelpName = "FORMAT",
            Description = "html (one file that needs nothing else) or md. [default: by the name of --output, else md]",
        };
        format.AcceptOnlyFromAmong(Html, Markdown);
        var file = new Option<string?>("--output") { HelpName = "FILE", Description = "Write to this file. [default: standard output]" };
        var force = new Option<bool>("--force") { Description = "Replace the file where there is one." };
        return new Command(
            "report",
            "Tell what happened in a period: what was due and what became of it, cycles, evidence, time, cost, the slowest steps."
        )
        {
            period,
            format,
            file,
            force,
        }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var path = parsed.GetValue(file) is { } name ? Path.GetFullPath(name) : null;
                if (path is not null && Path.Exists(path) && !parsed.GetValue(force))
                {
                    throw new UserErrorException(
                        $"{path} exists, and nothing was written. Choose another name, or replace it with --force."
                    );
                }

                var asked = ReportPeriod.Parse(parsed.GetValue(period)!, session.Workspace.Time.GetUtcNow());
                var report = await ReadAsync(session, asked, cancellationToken);
                var text = (parsed.GetValue(format) ?? ByName(path)) == Html ? ReportHtml.Write(report) : ReportMarkdown.Write(report);
                if (path is null)
                {
                    session.Output.Write(text);
                    return ExitCode.Ok;
                }

                Write(session, path, text);
                session.Output.WriteLine(
                    $"The report of {asked.Name} is in {SafeText.Escape(path)} ({Encoding.UTF8.GetByteCount(text)} bytes)."
                );
                return ExitCode.Ok;
            }
        );
    }

    private static Task<Report> ReadAsync(CommandSession session, ReportPeriod period, CancellationToken cancellationToken)
    {
        var read = 0L;
        return session.WhileAsync(
            () => string.Create(CultureInfo.InvariantCulture, $"{Volatile.Read(ref read):#,0} runs and cycles"),
            () => session.Workspace.Reports.ReadAsync(period, count => Volatile.Write(ref read, count), cancellationToken)
        );
    }

    private static string ByName(string? path) => Path.GetExtension(path)?.ToLowerInvariant() is ".html" or ".htm" ? Html : Markdown;

    private static void Write(CommandSession session, string path, string text)
    {
        try
        {
            DurableFile.Replace(new SharedPath(session.Workspace.Paths, path, FileSizes.Own), Encoding.UTF8.GetBytes(text));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{path} cannot be written: {exception.Message}", exception);
        }
    }
}
