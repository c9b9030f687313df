using Rouse.Cli;

return await RouseProgram.RunAsync(args);
