using LoopOrchestrator.Core.Scheduling.Calendar;
using LoopOrchestrator.Mcp.Audit;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Health;
using LoopOrchestrator.Mcp.Hosting.Channel;
using LoopOrchestrator.Mcp.Hosting.Several;
using LoopOrchestrator.Mcp.Prompts;
using LoopOrchestrator.Mcp.Resources;
using LoopOrchestrator.Mcp.Resources.Changes;
using LoopOrchestrator.Mcp.Served;
using LoopOrchestrator.Mcp.Tasks;
using LoopOrchestrator.Mcp.Telemetry.Otlp;
using LoopOrchestrator.Mcp.Tools;
using LoopOrchestrator.Mcp.Tools.Calls;
using LoopOrchestrator.Mcp.Tools.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Hosting;

/// <summary>What both transports serve. Neither host adds a tool of its own.</summary>
internal static class McpRegistration
{
    private const string Instructions =
        "Loop Orchestrator runs coding agents on this workspace on schedules, also while nobody looks. "
        + "Call get_status first: it says which workspace this is and what is held back. "
        + "Every tool that answers success has written its result to disk.";

    private const string AgentInstructions =
        "You are the agent of a run of Loop Orchestrator; your task is its brief. Report how it ended with complete_run, which needs no "
        + "run_id here. run_mode asks for a part of the work, read_memory and append_memory keep what others will need to know.";

    /// <summary>One workspace with its loop, its checks and its log of who did what: all that a transport does not share.</summary>
    public static void AddWorkspaceServices(this IServiceCollection services, ServerContext context)
    {
        services.AddSingleton(context);
        services.AddSingleton(context.Paths);
        services.TryAddSingleton<TimeProvider>(new MachineTime());
        services.AddSingleton(static provider =>
            WorkspaceFactory.Create(
                provider.GetRequiredService<ServerContext>(),
                provider.GetRequiredService<ILoggerFactory>(),
                provider.GetRequiredService<TimeProvider>()
            )
        );
        if (context.Served is null)
        {
            // It sends all that its process measures: of several workspaces the collector of one would hear of the others.
            services.AddHostedService<OtlpExport>();
        }

        services.AddHostedService<WorkspaceService>();
        services.AddSingleton<RunCallers>();
        services.AddSingleton<ClientLeases>();
        services.AddHostedService(static provider => provider.GetRequiredService<ClientLeases>());
        services.AddSingleton<IReadinessCheck, WorkspaceReadiness>();
        services.AddSingleton<IReadinessCheck, ScheduleReadiness>();
        services.AddSingleton<IReadinessCheck, EscalationReadiness>();
        if (context.Mode == TransportMode.Http)
        {
            services.AddSingleton<AuditLog>();
            services.AddHostedService(static provider => provider.GetRequiredService<AuditLog>());
            services.AddSingleton<IReadinessCheck, AuditReadiness>();
        }
    }

    public static IMcpServerBuilder AddLoopOrchestratorMcp(this IServiceCollection services, ServerContext context)
    {
        services.AddWorkspaceServices(context);
        services.AddSingleton<IOptions<McpServerOptions>>(ServerOptionsOf);
        if (context.Served is { } several)
        {
            services.AddSingleton(several);
            services.AddHostedService<OtherWorkspaces>();
        }

        var hasChannel = context.Mode == TransportMode.Stdio && context.Options.ClaudeChannel.Value;
        if (hasChannel)
        {
            ClaudeChannel.AddTo(services);
        }

        var isOfAgent = ToolsetSelection.IsOfAgent(context.Options.Toolsets.Value);
        var served = services
            .AddMcpServer(options =>
            {
                options.ServerInfo = new Implementation
                {
                    Name = Product.Name,
                    Title = Product.Title,
                    Version = Product.Version,
                };
                options.ServerInstructions =
                    isOfAgent ? AgentInstructions
                    : context.Served is { } served ? Instructions + Several(served)
                    : Instructions;
            })
            .WithMessageFilters(filters =>
            {
                if (hasChannel)
                {
                    filters.AddIncomingFilter(ClaudeChannel.Guard);
                }

                filters.AddIncomingFilter(RequestParameters.Guard);
                filters.AddIncomingFilter(HandshakeRevision.Guard);
                filters.AddIncomingFilter(ArgumentText.Guard);
                filters.AddOutgoingFilter(Announcement.Correct);
            })
            .WithRequestFilters(filters =>
            {
                filters.AddCallToolFilter(WorkspaceArgument.Guard);
                if (context.Served is not null)
                {
                    filters.AddOfTheFirst();
                }

                // Over standard input and output nobody shows a token, and nothing of this is looked at.
                if (context.Mode == TransportMode.Http)
                {
                    filters.AddCallToolFilter(AuditCalls.Guard);
                    filters.AddListToolsFilter(ToolScopes.Narrow);
                    filters.AddCallToolFilter(ToolScopes.Guard);
                }

                filters.AddCallToolFilter(ToolCallBoundary.Guard);
                filters.AddReadResourceFilter(ResourceBoundary.Guard);
            })
            .RefuseCursors()
            .WithCacheHints()
            .WithToolsets(context.Options.Toolsets.Value)
            .WithLoopPrompts()
            .WithLoopCompletions()
            .WithResourceChanges()
            .WithLoopResources();

        // By it runs of others are ended and answered, for which an agent is served no tool either.
        return isOfAgent ? served : served.WithRunTasks();
    }

    private static string Several(ServedWorkspaces served) =>
        $" This server serves several workspaces: {string.Join(", ", served.All.Select(static one => one.Name))}. Say with the argument "
        + $"'workspace' which one you mean; without it {served.Default.Name} counts, whose resources and prompts these are.";

    // As the framework does it, for a type that is known when the program is compiled: a native program builds what is not at each start.
    private static IOptions<McpServerOptions> ServerOptionsOf(IServiceProvider services) =>
        Options.Create(
            new OptionsFactory<McpServerOptions>(
                services.GetServices<IConfigureOptions<McpServerOptions>>(),
                services.GetServices<IPostConfigureOptions<McpServerOptions>>()
            ).Create(Options.DefaultName)
        );
}
