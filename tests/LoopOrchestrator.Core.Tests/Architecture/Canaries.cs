// Types that only show each way of using another; nobody makes or calls them, and each stands in a namespace of its own.
#pragma warning disable CA1812, CA1822, IDE0051, IDE0052, IDE0044, CS0169, CA1823, CA1852, S2376, MA0048, IDE0130

namespace LoopOrchestrator.Core.Tests.Architecture.Canaries.Used
{
    internal class Thing : Exception
    {
        public static int Number => 1;
    }
}

namespace LoopOrchestrator.Core.Tests.Architecture.Canaries.Bases
{
    internal sealed class User : Used.Thing;
}

namespace LoopOrchestrator.Core.Tests.Architecture.Canaries.Fields
{
    internal sealed class User
    {
        private Used.Thing[]? _field;
    }
}

namespace LoopOrchestrator.Core.Tests.Architecture.Canaries.Arguments
{
    internal sealed class User
    {
        public void Do(Used.Thing thing) => _ = thing.GetHashCode();
    }
}

namespace LoopOrchestrator.Core.Tests.Architecture.Canaries.Bodies
{
    internal sealed class User
    {
        public int Do() => Used.Thing.Number;
    }
}

namespace LoopOrchestrator.Core.Tests.Architecture.Canaries.Lambdas
{
    internal sealed class User
    {
        public Func<int> Do(int more) => () => Used.Thing.Number + more;
    }
}

namespace LoopOrchestrator.Core.Tests.Architecture.Canaries.Generics
{
    internal sealed class User
    {
        public object Do() => Array.Empty<Dictionary<string, Used.Thing[]>>();
    }
}

namespace LoopOrchestrator.Core.Tests.Architecture.Canaries.Attributes
{
    [System.ComponentModel.TypeConverter(typeof(Used.Thing))]
    internal sealed class User;
}

namespace LoopOrchestrator.Core.Tests.Architecture.Canaries.Catches
{
    internal sealed class User
    {
        public void Do(Action action)
        {
            try
            {
                action();
            }
            catch (Used.Thing) { }
        }
    }
}

namespace LoopOrchestrator.Core.Tests.Architecture.Canaries.Foreign
{
    internal sealed class User
    {
        private List<System.Numerics.BigInteger[]>? _field;
    }
}

namespace LoopOrchestrator.Core.Tests.Architecture.Canaries.ForeignLambdas
{
    internal sealed class User
    {
        public Func<object> Do(int more) => () => System.Numerics.BigInteger.One + more;
    }
}
