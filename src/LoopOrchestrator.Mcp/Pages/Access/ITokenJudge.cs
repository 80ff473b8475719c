namespace LoopOrchestrator.Mcp.Pages.Access;

/// <summary>Says whether a token counts: the same to a program that sends it each time and to a person who signs in with it.</summary>
internal interface ITokenJudge
{
    /// <summary>Whether anybody needs a token.</summary>
    bool IsNeeded { get; }

    /// <summary>Judges a token.</summary>
    Task<TokenJudgement> JudgeAsync(string word, CancellationToken cancellationToken);
}
