using Rouse.Simulation;

// The test runner starts this program too: what is not one of its own verbs is the runner's.
return args is [SimulateCommand.Verb, .. var rest] ? SimulateCommand.Run(rest) : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
