return await LoopOrchestrator.DummyAgent.Script.RunAsync(args);
