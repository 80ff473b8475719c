using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Files;

public sealed class WorkspaceTrustTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string RecordFile => Path.Combine(_folder.FullPath, "home", "trusted-workspaces");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void IsTrusted_NobodySaid_IsNot() => Trust("/w").IsTrusted.Should().BeFalse();

    [Fact]
    public void GivenBy_Given_IsWhatGaveIt() => new WorkspaceTrust("/w", "option --x", RecordFile).GivenBy.Should().Be("option --x");

    [Fact]
    public void Record_ThenRevoke_IsSeenByARunningServerAndLeavesOthers()
    {
        var server = Trust("/w");
        Trust("/other").Record();
        Trust("/w/").Record();
        Trust("/w").Record();

        server.GivenBy.Should().Be($"recorded in {RecordFile}");
        File.ReadAllLines(RecordFile).Should().Equal("/other", "/w");

        Trust("/w").Revoke();

        server.IsTrusted.Should().BeFalse();
        Trust("/other").IsTrusted.Should().BeTrue();
    }

    [Fact]
    public void IsTrusted_Refused_BeatsEveryWord()
    {
        Trust("/w").Record();

        new WorkspaceTrust("/w", "option", RecordFile, refused: true).IsTrusted.Should().BeFalse();
    }

    [Theory]
    [InlineData("/w/sub")]
    [InlineData("/")]
    [InlineData("/W")]
    [InlineData("/w ")]
    [InlineData("/ww")]
    public void IsTrusted_AnotherFolderRecorded_IsNot(string other)
    {
        Trust(other).Record();

        Trust("/w").IsTrusted.Should().BeFalse();
        Trust(other).IsTrusted.Should().BeTrue();
    }

    [Fact]
    public void IsTrusted_RecordWithWindowsLineEnds_IsRead()
    {
        Trust("/a").Record();
        File.WriteAllText(RecordFile, "/a\r\n\r\n/w\r\n");

        Trust("/w").IsTrusted.Should().BeTrue();
    }

    [Fact]
    public void Record_FolderWithALineBreakInItsName_TrustsNothing()
    {
        Trust("/w\n/home").Invoking(trust => trust.Record()).Should().Throw<UserErrorException>().WithMessage("*line break*");

        (Trust("/w").IsTrusted, Trust("/home").IsTrusted).Should().Be((false, false));
    }

    [Fact]
    public void IsTrusted_RecordCannotBeRead_IsNotAndCannotBeRecorded()
    {
        Directory.CreateDirectory(RecordFile);

        Trust("/w").IsTrusted.Should().BeFalse();
        Trust("/w").Invoking(trust => trust.Record()).Should().Throw<UserErrorException>().WithMessage("*--trust-workspace*");
    }

    [Fact]
    public void Record_Always_WritesNothingIntoTheWorkspace()
    {
        var workspace = Directory.CreateDirectory(_folder.File("workspace")).FullName;
        Trust(workspace).Record();

        Trust(workspace).IsTrusted.Should().BeTrue();
        Directory.EnumerateFileSystemEntries(workspace).Should().BeEmpty();
    }

    [Fact]
    public void DefaultRecordFile_Always_IsFullAndOutsideTheCurrentFolder() =>
        WorkspaceTrust
            .DefaultRecordFile.Should()
            .Match(file => Path.IsPathFullyQualified(file))
            .And.NotStartWith(Environment.CurrentDirectory);

    private WorkspaceTrust Trust(string root) => new(root, givenBy: null, RecordFile);
}
