using LoopOrchestrator.Testing.Architecture;

namespace LoopOrchestrator.Core.Tests.Architecture;

public sealed class TestNamesTests
{
    [Fact]
    public void Names_OfAllTests_HaveThreeParts() => TestNames.OfAnotherForm(typeof(TestNamesTests).Assembly).Should().BeEmpty();

    [Theory]
    [InlineData("Read_NoFile_IsEmpty", true)]
    [InlineData("Read_404_IsAnError", true)]
    [InlineData("Read_IsEmpty", false)]
    [InlineData("Read_NoFile_IsEmpty_AndSaysSo", false)]
    [InlineData("Read_without_file_is_empty", false)]
    [InlineData("Read__IsEmpty", false)]
    public void IsOfTheForm_MadeUpName_IsTold(string name, bool expected) => TestNames.IsOfTheForm(name).Should().Be(expected);
}
