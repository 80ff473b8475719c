using System.Reflection;
using System.Text.Json.Serialization;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Tests.Architecture;

/// <summary>
/// Each feature has a JSON context of its own, and what they write has one form: settings of a context cannot be inherited.
/// </summary>
public sealed class JsonContextTests
{
    public static TheoryData<Type> Contexts =>
        [.. typeof(WorkspacePaths).Assembly.GetTypes().Where(static type => type.IsSubclassOf(typeof(JsonSerializerContext)))];

    [Theory]
    [MemberData(nameof(Contexts))]
    public void Context_OfAnyFeature_WritesSnakeCaseIndentedAndWithoutNulls(Type context)
    {
        var settings = context.GetCustomAttribute<JsonSourceGenerationOptionsAttribute>()!;

        (
            settings.PropertyNamingPolicy,
            settings.DefaultIgnoreCondition,
            settings.RespectNullableAnnotations,
            settings.UseStringEnumConverter,
            settings.WriteIndented
        )
            .Should()
            .Be((JsonKnownNamingPolicy.SnakeCaseLower, JsonIgnoreCondition.WhenWritingNull, true, true, true));
    }
}
