namespace LoopOrchestrator.Core.Agents.Presets;

/// <summary>The clouds that several agent programs know, each with what its own tools take from the environment.</summary>
internal static class Clouds
{
    private static readonly string[] AmazonVariables = ["AWS_*"];
    private static readonly string[] GoogleVariables =
    [
        "GOOGLE_APPLICATION_CREDENTIALS",
        "GOOGLE_CLOUD_*",
        "GOOGLE_VERTEX_*",
        "GCLOUD_PROJECT",
        "CLOUD_ML_REGION",
        "CLOUDSDK_*",
        "VERTEX_*",
        "VERTEXAI_*",
        "ANTHROPIC_VERTEX_*",
    ];

    private static readonly string[] Region = ["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_CONFIG_FILE"];

    /// <summary>Amazon Bedrock, by a variable.</summary>
    public static CloudAccess Amazon(string name) => new(AmazonVariables) { Switch = name, Needs = [Region] };

    /// <summary>Amazon Bedrock, by the name of the model.</summary>
    public static CloudAccess AmazonModel(string prefix) => new(AmazonVariables) { ModelPrefix = prefix, Needs = [Region] };

    /// <summary>Google's Vertex AI, by a variable.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="needs">What the program does not work without.</param>
    public static CloudAccess Google(string name, params IReadOnlyList<string>[] needs) =>
        new(GoogleVariables) { Switch = name, Needs = needs };

    /// <summary>Google's Vertex AI, by the name of the model.</summary>
    public static CloudAccess GoogleModel(string prefix) => new(GoogleVariables) { ModelPrefix = prefix };

    /// <summary>Microsoft's Azure, by a variable.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="needs">What the program does not work without.</param>
    public static CloudAccess Azure(string name, params IReadOnlyList<string>[] needs) => new(["AZURE_*"]) { Switch = name, Needs = needs };

    /// <summary>Microsoft's Azure, by the name of the model.</summary>
    public static CloudAccess AzureModel(string prefix) => new(["AZURE_*"]) { ModelPrefix = prefix };
}
