using System.Reflection;
using LoopOrchestrator.Core.Storage.Sqlite;
using LoopOrchestrator.Core.Tests.Storage.Sqlite;

namespace LoopOrchestrator.Core.Tests.Storage;

/// <summary>No port is without a suite, and no backend without one of its suites.</summary>
public sealed class ContractSuitesTests
{
    private const string Backend = "LoopOrchestrator.Core.Storage.Sqlite";

    private static readonly Type[] Own = typeof(ContractSuitesTests).Assembly.GetTypes();

    private static IReadOnlyDictionary<Type, Type> Suites { get; } =
        Own.Where(static type => type.GetCustomAttribute<ContractOfAttribute>() is not null)
            .ToDictionary(static type => type.GetCustomAttribute<ContractOfAttribute>()!.Port);

    [Fact]
    public void Ports_OfTheSqliteBackend_HaveASuiteEach() => Suites.Keys.Should().BeEquivalentTo(Ports());

    [Fact]
    public void Suites_OfEachPort_AreAbstractAndPassedBySqlite()
    {
        Suites.Values.Should().OnlyContain(static suite => suite.IsAbstract);
        Own.Where(static type => type is { IsAbstract: false, Namespace: { } name } && name == typeof(SqliteBackend).Namespace)
            .Select(static type => type.BaseType)
            .Where(static type => type != typeof(object))
            .Should()
            .BeEquivalentTo(Suites.Values);
    }

    // What the backend implements of Core's own interfaces that stand outside of it. Of one that extends another only the whole is a port.
    private static HashSet<Type> Ports()
    {
        var implemented = typeof(SqliteStorage)
            .Assembly.GetTypes()
            .Where(static type => type is { IsClass: true, Namespace: { } name } && name.StartsWith(Backend, StringComparison.Ordinal))
            .SelectMany(static type => type.GetInterfaces())
            .Where(static port => port.Assembly == typeof(SqliteStorage).Assembly)
            .Where(static port => !port.Namespace!.StartsWith(Backend, StringComparison.Ordinal))
            .ToHashSet();
        return implemented
            .Where(port => !implemented.Any(other => other != port && other.IsAssignableTo(port)))
            .Except([typeof(Core.Storage.IStorage), typeof(Core.Timing.Indexing.ITimingEntries)])
            .ToHashSet();
    }
}
