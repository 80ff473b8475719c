using LoopOrchestrator.Core.Checkpoints;

namespace LoopOrchestrator.Core.Tests.Checkpoints;

public sealed class PathNameTests
{
    [Theory]
    [InlineData(new byte[] { (byte)'a', (byte)' ', 0xC3, 0xBC }, "a ü")]
    [InlineData(new byte[] { (byte)'a', 0xFF }, "\"a\\377\"")]
    [InlineData(new byte[] { (byte)'a', 10, (byte)'"', (byte)'\\' }, "\"a\\n\\\"\\\\\"")]
    public void Display_AnyBytes_IsReadableAndUnambiguous(byte[] bytes, string shown)
    {
        PathName.From(bytes).Display.Should().Be(shown);
        PathName.From(bytes).Bytes.Should().Equal(bytes);
    }

    [Theory]
    [InlineData("a/b", "a", true)]
    [InlineData("a", "a", true)]
    [InlineData("ab", "a", false)]
    [InlineData("b", "", true)]
    public void IsIn_Folder_CountsWholeSegments(string path, string folder, bool isIn) =>
        PathName.From(path).IsIn(PathName.From(folder)).Should().Be(isIn);

    [Fact]
    public void Parents_DeepPath_AreAllFoldersFromTheTop()
    {
        PathName.From("a/b/c").Parents.Select(static parent => parent.Raw).Should().Equal("a", "a/b");
        PathName.From("a/b/c").Folder.Raw.Should().Be("a/b");
        PathName.From("c").Folder.Raw.Should().BeEmpty();
        PathName.From("a/b/c").Below(PathName.From("a")).Raw.Should().Be("b/c");
    }

    [Fact]
    public void Notes_WrittenAndRead_AreTheSame()
    {
        var notes = new CheckpointNotes(
            new HashSet<string>(StringComparer.Ordinal) { "node_modules/", "a b\n" },
            new HashSet<string>(StringComparer.Ordinal) { "empty" },
            new Dictionary<PathName, UnixFileMode> { [PathName.From("secret")] = UnixFileMode.UserRead }
        );

        var read = CheckpointNotes.Read(notes.Write());

        read.Unknown.Should().BeEquivalentTo(notes.Unknown);
        read.EmptyFolders.Should().BeEquivalentTo(notes.EmptyFolders);
        read.Permissions.Should().Equal(notes.Permissions);
        notes.IsUnknown(PathName.From("node_modules/x/y")).Should().BeTrue();
        notes.IsUnknown(PathName.From("node_modules")).Should().BeTrue();
        notes.IsUnknown(PathName.From("a b")).Should().BeFalse();
    }
}
