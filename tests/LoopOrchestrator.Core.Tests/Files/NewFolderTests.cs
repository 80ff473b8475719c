using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Files;

public sealed class NewFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TryCreate_NothingThere_MakesItWithItsParents()
    {
        NewFolder.TryCreate(_folder.File("a/b/c")).Should().BeTrue();

        Directory.Exists(_folder.File("a/b/c")).Should().BeTrue();
        NewFolder.TryCreate(_folder.File("a/b/c")).Should().BeFalse("it is there");
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("file")]
    [InlineData("link to a folder")]
    [InlineData("link to nothing")]
    public void Keep_WhateverHasTheName_IsMovedAndNotFollowed(string kind)
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() || !kind.StartsWith("link", StringComparison.Ordinal),
            "Links need a right on Windows."
        );
        var path = _folder.File("taken");
        Directory.CreateDirectory(_folder.File("elsewhere"));
        _ = kind switch
        {
            "folder" => Directory.CreateDirectory(Path.Combine(path, "inner")).FullName,
            "file" => Write(path),
            "link to a folder" => File.CreateSymbolicLink(path, _folder.File("elsewhere")).FullName,
            _ => File.CreateSymbolicLink(path, _folder.File("nowhere")).FullName,
        };
        NewFolder.TryCreate(path).Should().BeFalse();

        var kept = SetAside.Keep(_folder.Paths, path, DateTimeOffset.UnixEpoch);

        Path.GetDirectoryName(kept).Should().Be(_folder.Paths.SetAside);
        Path.GetFileName(kept).Should().StartWith("19700101-000000-taken-");
        NewFolder.TryCreate(path).Should().BeTrue("its name is free");
        Directory.Exists(_folder.File("elsewhere")).Should().BeTrue();
        new FileInfo(kept)
            .LinkTarget.Should()
            .Be(
                kind switch
                {
                    "link to a folder" => _folder.File("elsewhere"),
                    "link to nothing" => _folder.File("nowhere"),
                    _ => null,
                }
            );
    }

    private static string Write(string path)
    {
        File.WriteAllText(path, "x");
        return path;
    }
}
