using System.CommandLine;
using Rouse.Cli.Client;
using Rouse.Cli.Values;
using Rouse.Server;
using Rouse.Core;

namespace Rouse.Cli.Commands;

/// <summary><c>rouse delegate</c>: gives work to an agent on behalf of a session, which is woken with the outcome.</summary>
internal sealed class DelegateCommand : ClientCommand
{
    private readonly Argument<string?> _prompt = new("prompt")
    {
        Description = "What to do; - reads it from the standard input", Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _promptFile = Text("--prompt-file", "Read the prompt from a file", "file");
    private readonly Option<SessionName?> _from = SessionName.Option("--from", "The session that delegates and is woken: its id, or instance/id");
    private readonly Option<string?> _instance = Text("--instance", "With --session-id: the instance of the delegating session", "instance");
    private readonly Option<string?> _sessionId = Text("--session-id", "The harness's own id of the delegating session", "id");
    private readonly Option<string> _agent = new("--agent") { Description = "Which agent does it", Required = true, HelpName = "name" };
    private readonly Option<string?> _on = Text("--on", "The instance that does it (else the delegating session's own)", "instance");
    private readonly Option<string?> _description = Text("--description", "A title for people", "text");
    private readonly Option<string?> _model = Text("--model", "provider/model (else the agent's own)", "model");
    private readonly Option<string?> _variant = Text("--variant", "The model's variant", "name");
    private readonly Option<string[]> _fallback = Value.Several("--fallback", "Models to try when that one fails, in order", "model");
    private readonly Option<string?> _group = Text("--group", "Tasks of one group are told in one wake", "name");
    private readonly Option<string?> _wake = Value.OneOf("--wake", "When the outcome wakes the session", "all", "each", "none");
    private readonly Option<int?> _priority = Value.Number("--priority", "-100 to 100; higher starts first", least: -100, most: 100);
    private readonly Option<string?> _directory = Text("--directory", "Where it works (else the delegating session's directory)", "directory");
    private readonly Option<TimeSpan?> _deadline = Value.Duration("--deadline", "How long it may take, counted from now");
    private readonly Option<string?> _key = Text("--key", "Idempotency key: the same key and work is the same task", "key");

    public DelegateCommand()
        : base("delegate", "Give work to an agent; the session it is asked for is woken with the outcome")
    {
        Arguments.Add(_prompt);
        foreach (var option in (Option[])
            [_from, _instance, _sessionId, _agent, _on, _promptFile, _description, _model, _variant, _fallback, _group, _wake, _priority, _directory,
                _deadline, _key])
        {
            Options.Add(option);
        }

        Validators.Add(result =>
        {
            var addressed = (result.GetResult(_instance) is not null, result.GetResult(_sessionId) is not null);
            var problem = (result.GetResult(_from) is not null, addressed) switch
            {
                (true, (true, _) or (_, true)) => "--from and --instance/--session-id name the same thing: give one of them",
                (false, (true, true)) or (true, _) => null,
                (false, (false, false)) => "--from: who delegates is missing (or give --instance and --session-id)",
                (false, _) => "--instance and --session-id belong together",
            };
            if (problem is not null)
            {
                result.AddError(problem);
            }

            if (result.GetResult(_prompt) is { Tokens.Count: > 0 } == result.GetResult(_promptFile) is not null)
            {
                result.AddError("the prompt: give it as an argument, as - for the standard input, or with --prompt-file");
            }
        });
    }

    protected override async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var prompt = await PromptAsync(call, cancellationToken);
        var from = call.Get(_from) ?? new SessionName.Elsewhere(new Address(call.Get(_instance)!, call.Get(_sessionId)!));
        var delegation = new DelegationBody
        {
            From = await from.ResolveAsync(call.Client, cancellationToken),
            Agent = call.Get(_agent)!,
            Prompt = prompt,
            Description = call.Get(_description),
            Instance = call.Get(_on),
            Model = call.Get(_model),
            Variant = call.Get(_variant),
            Fallbacks = call.Get(_fallback) is { Length: > 0 } fallbacks ? fallbacks : null,
            Group = call.Get(_group),
            Wake = call.Get(_wake),
            Priority = call.Get(_priority),
            Directory = call.Get(_directory),
            Limits = call.Get(_deadline) is { } deadline ? new DelegationLimitsBody(DurationText.Format(deadline)) : null,
        };
        var reply = await SendAsync(call, delegation, call.Get(_key) ?? $"cli-{Guid.NewGuid():N}", cancellationToken);
        if (call.IsJson)
        {
            call.Screen.Json(reply.Json);
        }
        else
        {
            var task = reply.Value.Task;
            var place = task.Lane?.Place is { } waiting ? $", place {waiting} on lane {string.Join(", ", task.Lane.Names)}" : "";
            call.Screen.Line($"{task.Id}  {task.Status.ToString().ToLowerInvariant()}{place}");
            if (reply.Value.Message is { } message)
            {
                call.Screen.Hint(message);
            }
        }

        return ExitCode.Done;
    }

    private static async Task<Reply<DelegatedReply>> SendAsync(Call call, DelegationBody delegation, string key, CancellationToken cancellationToken)
    {
        try
        {
            return await call.Client.DelegateAsync(delegation, key, cancellationToken);
        }
        catch (UnreachableException away)
        {
            // The work may have been accepted and only the answer lost. The key tells it apart from a second delegation.
            throw new UnreachableException($"{away.Message}. If it is not known whether the work was accepted, repeat the call with --key {key}", away);
        }
    }

    private async Task<string> PromptAsync(Call call, CancellationToken cancellationToken)
    {
        if (call.Get(_promptFile) is { } file)
        {
            try
            {
                return await File.ReadAllTextAsync(file, cancellationToken);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new UsageException($"--prompt-file: {e.Message}");
            }
        }

        return call.Get(_prompt) is "-" ? await Console.In.ReadToEndAsync(cancellationToken) : call.Get(_prompt)!;
    }

    private static Option<string?> Text(string name, string description, string helpName) =>
        new(name) { Description = description, HelpName = helpName };
}
