using LoopOrchestrator.Mcp.Cli;

return args is [SuperviseCommand.Name, .. var rest] ? SuperviseCommand.Run(rest) : await CommandLine.RunAsync(args);
