using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Commands;
using LoopOrchestrator.Mcp.Cli.Output;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary><c>token</c>: who may come in over HTTP. The tokens are the user's, and no workspace has anything to say about them.</summary>
internal static class TokenCommand
{
    private const string Never = "never";

    public static Command Create() =>
        new("token", "Make, list and revoke the tokens with which clients come in over HTTP.") { New(), List(), Revoke() };

    private static Command New()
    {
        var name = Name("What it is called in lists, refusals and the audit log.");
        name.Validators.Add(static result =>
        {
            if (result.Tokens is [var given] && !TokenList.IsName(given.Value))
            {
                result.AddError(
                    $"'{given.Value}' is no name of a token: use 1 to 40 of a-z, 0-9, '.', '_' and '-', with a letter or digit first."
                );
            }
        });
        var scope = new Option<string>("--scope")
        {
            HelpName = string.Join('|', AccessScopes.Names),
            Description =
                "What it lets its holder do: look; have work done, and do it; change schedules, resolve and take back. [default: run]",
            DefaultValueFactory = static _ => "run",
        };
        scope.AcceptOnlyFromAmong([.. AccessScopes.Names]);
        var expires = new Option<string>("--expires")
        {
            HelpName = "TIME",
            Description = "When it stops counting: 12h, 90d, 2027-01-31 (its beginning, UTC), or never. [default: never]",
            DefaultValueFactory = static _ => Never,
        };
        expires.Validators.Add(static result =>
        {
            if (result.Tokens is [var given] && !TryReadEnd(given.Value, TimeProvider.System.GetUtcNow(), out _))
            {
                result.AddError($"--expires is '{given.Value}' and must be a time to come: 12h, 90d, 2027-01-31, or never.");
            }
        });
        var file = File();
        var json = WorkspaceCommand.Json(like: null);
        return OnTokens(
            new Command("create", "Make a token and show it, this once. Servers take notice by themselves.")
            {
                name,
                scope,
                expires,
                file,
                json,
            },
            file,
            async (tokens, parsed, output, cancellationToken) =>
            {
                RefuseInARun();
                var now = TimeProvider.System.GetUtcNow();
                TryReadEnd(parsed.GetValue(expires)!, now, out var end);
                var (token, entry, isFirst) = await tokens.CreateAsync(
                    parsed.GetValue(name)!,
                    AccessScopes.Parse(parsed.GetValue(scope))!.Value,
                    end,
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    output.WriteLine(JsonSerializer.Serialize(TokenAnswer.From(entry, now, token), ReadableJson.Commands.TokenAnswer));
                    return;
                }

                output.WriteLine($"Token '{entry.Name}' with the scope {entry.Scope}, {Until(entry.Expires)}:");
                output.WriteLine();
                output.WriteLine(token);
                output.WriteLine();
                output.WriteLine(
                    "It is shown this once; what is kept is a hash, in "
                        + SafeText.Escape(tokens.File)
                        + ". Clients send it as "
                        + "'Authorization: Bearer TOKEN'."
                );
                if (isFirst && tokens.File == UserTokens.DefaultFile)
                {
                    output.WriteLine(
                        "It is your first one: from now on every HTTP server of yours asks for a token, on loopback too, unless it was "
                            + "started with another --token-file."
                    );
                }
            }
        );
    }

    private static Command List()
    {
        var file = File();
        var json = WorkspaceCommand.Json(like: null);
        return OnTokens(
            new Command("list", "List the tokens with their scopes and ends; the tokens themselves are kept nowhere.") { file, json },
            file,
            (tokens, parsed, output, _) =>
            {
                var now = TimeProvider.System.GetUtcNow();
                var list = tokens.List();
                if (parsed.GetValue(json))
                {
                    var answer = new TokensAnswer(tokens.File, [.. list.Select(one => TokenAnswer.From(one, now))]);
                    output.WriteLine(JsonSerializer.Serialize(answer, ReadableJson.Commands.TokensAnswer));
                    return Task.CompletedTask;
                }

                var table = new TextTable(Column.Whole("TOKEN"), Column.Whole("SCOPE"), Column.Whole("MADE"), Column.Whole("EXPIRES"));
                foreach (var token in list)
                {
                    table.Add(
                        token.Name,
                        token.Scope,
                        Day(token.Created),
                        token.Expires is not { } end ? Never
                            : end <= now ? $"{Day(end)} (expired)"
                            : Day(end)
                    );
                }

                if (table.Count > 0)
                {
                    table.Write(output);
                }

                output.WriteLine($"{list.Count} in {SafeText.Escape(tokens.File)}");
                return Task.CompletedTask;
            }
        );
    }

    private static Command Revoke()
    {
        var name = Name("The token.");
        var file = File();
        return OnTokens(
            new Command("revoke", "Take a token away: servers let nobody in with it from their next request on.") { name, file },
            file,
            async (tokens, parsed, output, cancellationToken) =>
            {
                RefuseInARun();
                await tokens.RevokeAsync(parsed.GetValue(name)!, cancellationToken);
                output.WriteLine($"Token '{parsed.GetValue(name)}' lets nobody in any more.");
            }
        );
    }

    private static Argument<string> Name(string description) => new("NAME") { Description = description };

    private static Option<string?> File() =>
        new("--token-file")
        {
            HelpName = "FILE",
            Description = "The list of tokens. [default: LOOP_TOKEN_FILE, else tokens.json in your configuration folder]",
        };

    private static Command OnTokens(
        Command command,
        Option<string?> file,
        Func<UserTokens, ParseResult, TextWriter, CancellationToken, Task> run
    )
    {
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var named = parsed.GetValue(file) ?? Environment.GetEnvironmentVariable("LOOP_TOKEN_FILE");
                var path = string.IsNullOrWhiteSpace(named) ? UserTokens.DefaultFile : Path.GetFullPath(named);
                await run(new UserTokens(path, TimeProvider.System), parsed, parsed.InvocationConfiguration.Output, cancellationToken);
                return ExitCode.Ok;
            }
        );
        return command;
    }

    private static void RefuseInARun()
    {
        if (Environment.GetEnvironmentVariable(RunEnvironment.RunId) is { Length: > 0 } run)
        {
            throw new UserErrorException(
                $"This is a process of run {SafeText.Escape(run)}, and who may come in is a person's to say. Nothing was changed. "
                    + "Say it in a shell of your own."
            );
        }
    }

    private static bool TryReadEnd(string text, DateTimeOffset now, out DateTimeOffset? end)
    {
        end = null;
        if (text == Never)
        {
            return true;
        }

        if (
            text is [.. var digits, 'h' or 'd']
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count is > 0 and <= 100_000
        )
        {
            end = text[^1] == 'h' ? now.AddHours(count) : now.AddDays(count);
            return true;
        }

        if (
            DateTimeOffset.TryParse(
                text,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var moment
            )
            && moment > now
        )
        {
            end = moment;
            return true;
        }

        return false;
    }

    private static string Until(DateTimeOffset? end) => end is { } moment ? $"until {Day(moment)}" : "without an end";

    private static string Day(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
