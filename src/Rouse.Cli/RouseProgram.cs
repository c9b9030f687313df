using System.CommandLine;
using System.CommandLine.Invocation;
using Rouse.Cli.Client;
using Rouse.Cli.Commands;
using Rouse.Cli.Demo;
using Rouse.Cli.Doctor;
using Rouse.Cli.Output;
using Rouse.Cli.Serving;
using Rouse.Cli.Waiting;

namespace Rouse.Cli;

/// <summary>The command line as a whole: parse, run, and turn what went wrong into a message and an exit code.</summary>
internal static class RouseProgram
{
    public static async Task<int> RunAsync(string[] args)
    {
        var parse = Root().Parse(args, new ParserConfiguration
        {
            // A prompt may begin with '@' and is never the name of a file to read arguments from.
            ResponseFileTokenReplacer = null,
        });
        var screen = Screen.OnTerminal();
        if (parse.Action is ParseErrorAction)
        {
            return Usage(screen, parse);
        }

        using var signals = new StopSignals();
        try
        {
            var settings = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parse.InvokeAsync(settings, signals.Token);
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (UsageException wrong)
        {
            screen.Error(wrong.Message);
            return ExitCode.Usage;
        }
        catch (ProblemException refused)
        {
            return Refused(screen, refused, json: GlobalOptions.IsJson(parse));
        }
        catch (UnreachableException away)
        {
            screen.Error(away.Message);
            return ExitCode.Unreachable;
        }
        catch (Exception defect)
        {
            screen.Defect(defect);
            return ExitCode.Failed;
        }
    }

    private static RootCommand Root()
    {
        var root = new RootCommand("Rouse runs AI agents in the background and wakes the agent that asked.")
        {
            new DemoCommand(),
            new DemoWorkerCommand(),
            new ServeCommand(),
            new DelegateCommand(),
            new TasksCommand(),
            new ShowCommand(),
            new OutputCommand(),
            new WaitCommand(),
            new CancelCommand(),
            new SessionsCommand(),
            new MailboxCommand(),
            new ExplainCommand(),
            new DeadLettersCommand(),
            new EventsCommand(),
            new DoctorCommand(),
        };
        GlobalOptions.AddTo(root);
        return root;
    }

    private static int Usage(Screen screen, ParseResult parse)
    {
        var command = parse.CommandResult.Command;
        if (command is RootCommand)
        {
            var asked = parse.UnmatchedTokens.Count == 0 ? "say what to do" : $"'{parse.UnmatchedTokens[0]}' is not a command";
            screen.Error($"{asked}; there are {string.Join(", ", command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name))}");
            screen.Hint("see: rouse --help");
            return ExitCode.Usage;
        }

        foreach (var error in parse.Errors)
        {
            screen.Error(error.Message);
        }

        screen.Hint($"see: rouse {command.Name} --help");
        return ExitCode.Usage;
    }

    private static int Refused(Screen screen, ProblemException refused, bool json)
    {
        if (json)
        {
            screen.ErrorJson(refused.Json);
        }
        else
        {
            foreach (var line in refused.Problem.Lines())
            {
                screen.Error(line);
            }
        }

        return refused.Problem.IsUsage ? ExitCode.Usage : ExitCode.Failed;
    }
}
