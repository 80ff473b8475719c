using System.Net;
using System.Text.RegularExpressions;

namespace LoopOrchestrator.Mcp.Tests.Pages;

/// <summary>A browser as the server sees one: it keeps cookies, and sends forms with what their page carries.</summary>
internal sealed partial class PageVisitorHere(Uri address) : IDisposable
{
    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            CookieContainer = new CookieContainer(),
            UseCookies = true,
        }
    )
    {
        BaseAddress = address,
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public HttpClient Http => _http;

    public Task<SeenPage> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", "text/html");
        return SendAsync(request, headers);
    }

    /// <summary>Sends a form with the token that a page carries.</summary>
    public async Task<SeenPage> PostAsync(string page, string path, params (string Name, string Value)[] fields)
    {
        var token = FormToken().Match((await GetAsync(page)).Html).Groups["token"].Value;
        return await PostBareAsync(path, [("form_token", token), .. fields]);
    }

    /// <summary>Sends the form of a page twice, as a double click does: with all the hidden fields that it has there.</summary>
    /// <returns>Both answers.</returns>
    public async Task<(SeenPage First, SeenPage Second)> PostTwiceAsync(
        string page,
        string path,
        params (string Name, string Value)[] fields
    )
    {
        var html = (await GetAsync(page)).Html;
        var form = html.Split($"action=\"{path}\"")[1].Split("</form>")[0];
        var hidden = Hidden().Matches(form).Select(static match => (match.Groups["name"].Value, match.Groups["value"].Value));
        (string, string)[] all =
        [
            .. hidden.ExceptBy(fields.Select(static one => one.Name), static one => one.Item1, StringComparer.Ordinal),
            .. fields,
        ];
        return (await PostBareAsync(path, all), await PostBareAsync(path, all));
    }

    /// <summary>Sends a form with just these fields.</summary>
    public Task<SeenPage> PostBareAsync(string path, (string Name, string Value)[] fields, params (string Name, string Value)[] headers) =>
        SendAsync(
            new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = new FormUrlEncodedContent(fields.Select(static one => KeyValuePair.Create(one.Name, one.Value))),
            },
            headers
        );

    public Task<SeenPage> SignInAsync(string token) => PostAsync("/sign-in", "/sign-in", ("token", token));

    public void Dispose() => _http.Dispose();

    private async Task<SeenPage> SendAsync(HttpRequestMessage request, (string Name, string Value)[] headers)
    {
        using (request)
        {
            foreach (var (name, value) in headers)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            using var answer = await _http.SendAsync(request, Token);
            return new SeenPage(
                (int)answer.StatusCode,
                await answer.Content.ReadAsStringAsync(Token),
                answer
                    .Headers.Concat(answer.Content.Headers)
                    .ToDictionary(static one => one.Key, static one => string.Join(", ", one.Value), StringComparer.OrdinalIgnoreCase)
            );
        }
    }

    [GeneratedRegex(
        "type=\"hidden\" name=\"(?<name>[^\"]+)\" value=\"(?<value>[^\"]*)\"",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Hidden();

    [GeneratedRegex("name=\"form_token\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FormToken();
}
