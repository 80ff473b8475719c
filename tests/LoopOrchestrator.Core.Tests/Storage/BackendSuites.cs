using System.Reflection;
using LoopOrchestrator.Core.Storage;

namespace LoopOrchestrator.Core.Tests.Storage;

/// <summary>No port is without a suite, and no backend without one of its suites: each backend says here which it is.</summary>
/// <param name="storage">What it implements <see cref="IStorage"/> with; its ports lie in that namespace and below.</param>
/// <param name="tests">The namespace of its tests, in which a class stands for each suite.</param>
public abstract class BackendSuites(Type storage, string tests)
{
    private static readonly Type[] Own = typeof(BackendSuites).Assembly.GetTypes();

    private static IReadOnlyDictionary<Type, Type> Suites { get; } =
        Own.Where(static type => type.GetCustomAttribute<ContractOfAttribute>() is not null)
            .ToDictionary(static type => type.GetCustomAttribute<ContractOfAttribute>()!.Port);

    [Fact]
    public void Ports_OfTheStorage_AreImplementedAll() =>
        typeof(IStorage).GetProperties().Select(static port => port.PropertyType).Should().BeSubsetOf(Ports());

    [Fact]
    public void Ports_OfTheBackend_HaveASuiteEach() => Suites.Keys.Should().BeEquivalentTo(Ports());

    [Fact]
    public void Suites_OfEachPort_AreAbstractAndPassedByTheBackend()
    {
        Suites.Values.Should().OnlyContain(static suite => suite.IsAbstract);
        Own.Where(type => !type.IsAbstract && type.Namespace == tests)
            .Select(static type => type.BaseType)
            .Where(static type => type is not null && type.IsAssignableTo(typeof(StorageContract)))
            .Should()
            .BeEquivalentTo(Suites.Values);
    }

    // What the backend implements of Core's own interfaces that stand outside of it. Of one that extends another only the whole is a port.
    private HashSet<Type> Ports()
    {
        var core = typeof(IStorage).Assembly;
        var implemented = storage
            .Assembly.GetTypes()
            .Where(type => type is { IsClass: true } && IsOfTheBackend(type))
            .SelectMany(static type => type.GetInterfaces())
            .Where(port => port.Assembly == core && !IsOfTheBackend(port))
            .Where(static port => port.Namespace != "LoopOrchestrator.Core.Storage.Rows")
            .ToHashSet();
        return implemented
            .Where(port => !implemented.Any(other => other != port && other.IsAssignableTo(port)))
            .Except([typeof(IStorage), typeof(Core.Timing.Indexing.ITimingEntries)])
            .ToHashSet();
    }

    private bool IsOfTheBackend(Type type) =>
        type.Namespace == storage.Namespace || type.Namespace?.StartsWith(storage.Namespace + '.', StringComparison.Ordinal) == true;
}
