namespace LoopOrchestrator.Mcp.Tests.Pages;

/// <summary>Texts with which a page would do something else than show them, were they put in as they are.</summary>
internal static class Payloads
{
    public static IReadOnlyList<string> All { get; } =
    [
        "<script>alert(1)</script>",
        "</title><script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)",
        "` onmouseover=alert(1) `",
        "<svg/onload=alert(1)>",
        "javascript:alert(1)",
        "</textarea><script>alert(1)</script>",
        "</pre><iframe src=javascript:alert(1)>",
        "<!-- --><style>*{display:none}</style>",
        "&lt;script&gt;&#60;b&#62;",
        "line\r\nSet-Cookie: a=b",
        "a\u0000b\u001b[31mred\u0007",
        "\u202Egnp.exe\u2066right\u2069",
        "half \uD83D of a character",
        "{{constructor.constructor('alert(1)')()}}",
        "%3Cscript%3E",
        new('w', 3000),
    ];

    /// <summary>What no page may hold as it is, whatever was put into it.</summary>
    public static IReadOnlyList<string> Never { get; } =
    [
        "<script>alert",
        "<img src=x",
        "<svg/onload",
        "<iframe",
        "<style>",
        "' onmouseover='",
        "` onmouseover",
        "\u0000",
        "\u001b",
        "\u0007",
        "\u202E",
        "\u2066",
        "href=\"javascript:",
        "\uFFFE",
    ];
}
