using LoopOrchestrator.Mcp.Cli;

return args is [SuperviseCommand.Name, .. var rest] ? await SuperviseCommand.RunAsync(rest) : await CommandLine.RunAsync(args);
