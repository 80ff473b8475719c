using LoopOrchestrator.Core.Modes;

namespace LoopOrchestrator.Core.Tests.Modes;

public sealed class BuiltInModesTests
{
    public static TheoryData<string> Slugs => [.. BuiltInModes.All.Select(mode => mode.Slug)];

    [Fact]
    public void All_IsThe24_OrderedByStage()
    {
        BuiltInModes.All.Should().HaveCount(24);
        BuiltInModes.All.Select(mode => mode.Slug).Should().OnlyHaveUniqueItems();
        BuiltInModes.All.Select(mode => mode.Name).Should().OnlyHaveUniqueItems();
        BuiltInModes.All.Select(mode => mode.Stage is { } stage ? (int)stage : int.MaxValue).Should().BeInAscendingOrder();
        BuiltInModes.All.GroupBy(mode => mode.Stage).Select(group => group.Count()).Should().Equal(4, 4, 4, 3, 4, 5);
        BuiltInModes.All.Should().OnlyContain(mode => mode.Source == ModeSource.BuiltIn);
    }

    [Fact]
    public void Files_Embedded_AreExactlyTheModes() =>
        typeof(BuiltInModes)
            .Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("modes/", StringComparison.Ordinal))
            .Should()
            .BeEquivalentTo(BuiltInModes.All.Select(mode => $"modes/{mode.Slug}.md"));

    [Theory]
    [MemberData(nameof(Slugs))]
    public void Mode_BuiltIn_HasSubstance(string slug)
    {
        var mode = Find(slug);

        mode.Description.Should().NotBeNullOrWhiteSpace();
        mode.WhenToUse.Should().NotBeNullOrWhiteSpace();
        mode.RoleDefinition.Length.Should().BeGreaterThan(150);
        mode.CustomInstructions!.Length.Should().BeGreaterThan(1_500);
        (mode.RoleDefinition + "\n" + mode.CustomInstructions).Split('\n').Should().HaveCountGreaterThan(15);
        mode.CustomInstructions.Should().ContainAny("needs_input", "ask", "Ask");
        mode.CustomInstructions.EnumerateRunes()
            .Should()
            .OnlyContain(rune => rune.Value < 0x2000, "there is no emoji and no typography that a terminal could not show");
    }

    [Theory]
    [MemberData(nameof(Slugs))]
    public void Mode_BuiltIn_MayOnlyDoWhatItsWorkNeeds(string slug)
    {
        var mode = Find(slug);
        var names = mode.Groups.Select(group => group.Name).ToArray();
        var edit = mode.Groups.SingleOrDefault(group => group.Name is ModeGroup.Edit);

        names.Should().OnlyHaveUniqueItems().And.OnlyContain(name => ModeGroup.IsKnown(name));
        names.Should().Contain([ModeGroup.Read, ModeGroup.Mcp], "a run is reported through a tool");
        switch (mode.Stage)
        {
            case Stage.Implementation:
                edit!.FileRegex.Should().BeNull();
                names.Should().Contain(ModeGroup.Command);
                break;
            case Stage.Validation or Stage.Quality:
                edit.Should().BeNull();
                names.Should().Contain(ModeGroup.Command);
                break;
            case Stage.Planning:
                edit!.FileRegex.Should().Be(@"\.md$");
                names.Should().NotContain(ModeGroup.Command);
                break;
            case null when slug is "architect":
                edit!.FileRegex.Should().Be(@"\.md$");
                break;
            case null when slug is "ask" or "orchestrator":
                names.Should().BeEquivalentTo([ModeGroup.Read, ModeGroup.Mcp]);
                break;
        }
    }

    [Fact]
    public void Modes_AnyTwo_ShareNoParagraphAndNoLongRunOfWords()
    {
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        var shared = new List<string>();
        foreach (var mode in BuiltInModes.All)
        {
            var words = $"{mode.RoleDefinition} {mode.CustomInstructions}".Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            for (var start = 0; start + 12 <= words.Length; start++)
            {
                var run = string.Join(' ', words, start, 12);
                if (!seen.TryAdd(run, mode.Slug) && !string.Equals(seen[run], mode.Slug, StringComparison.Ordinal))
                {
                    shared.Add($"{seen[run]} and {mode.Slug}: {run}");
                }
            }
        }

        shared.Should().BeEmpty();
    }

    private static Mode Find(string slug) => BuiltInModes.All.Single(mode => string.Equals(mode.Slug, slug, StringComparison.Ordinal));
}
