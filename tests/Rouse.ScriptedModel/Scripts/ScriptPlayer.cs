using Rouse.ScriptedModel.Calls;
using Rouse.ScriptedModel.Wire;

namespace Rouse.ScriptedModel.Scripts;

/// <summary>Plays one step of a script into one reply.</summary>
internal sealed class ScriptPlayer(Gates gates, TimeProvider time)
{
    public async Task PlayAsync(IReadOnlyList<Directive> step, OpenCall call, ModelReply reply, CancellationToken cancellationToken)
    {
        // A reply that waits has begun, as a slow model's has, unless its status is still open because it will be an error.
        var beginsEarly = !step.Any(d => d is Directive.Error);
        foreach (var directive in step)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (beginsEarly && directive is Directive.Slow or Directive.Gate or Directive.Hang)
            {
                await reply.BeginAsync(cancellationToken);
            }

            switch (directive)
            {
                case Directive.Say say:
                    await reply.SayAsync(say.Text, cancellationToken);
                    break;
                case Directive.Reason reason:
                    await reply.ReasonAsync(reason.Text, cancellationToken);
                    break;
                case Directive.Tool tool:
                    await reply.CallToolAsync(tool.Name, tool.Arguments, cancellationToken);
                    break;
                case Directive.Drip drip:
                    await DripAsync(drip, reply, cancellationToken);
                    break;
                case Directive.Slow slow:
                    await Task.Delay(slow.Wait, time, cancellationToken);
                    break;
                case Directive.Gate gate:
                    call.WaitAt(gate.Name);
                    await gates.WaitAsync(gate.Name, cancellationToken);
                    call.WaitAt(null);
                    break;
                case Directive.Error error:
                    call.Close(ModelCallState.Refused);
                    await reply.RefuseAsync(error.Status, error.Message, error.RetryAfter, cancellationToken);
                    return;
                case Directive.Drop:
                    call.Close(ModelCallState.Dropped);
                    reply.Drop();
                    return;
                case Directive.Hang:
                    await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
                    break;
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        call.Close(ModelCallState.Answered);
        await reply.EndAsync(cancellationToken);
    }

    private async Task DripAsync(Directive.Drip drip, ModelReply reply, CancellationToken cancellationToken)
    {
        for (var piece = 0; piece < drip.Pieces; piece++)
        {
            await reply.SayAsync($"tick {piece} ", cancellationToken);
            await Task.Delay(drip.Interval, time, cancellationToken);
        }
    }
}
