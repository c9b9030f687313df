using Rouse.ScriptedModel;

// Stands alone so that a person can try a harness against it: rouse-scripted-model --port 14010
var port = 14010;
if (args is not [] and not ["--port", _] || (args is ["--port", var text] && !int.TryParse(text, out port)))
{
    await Console.Error.WriteLineAsync("Usage: Rouse.ScriptedModel [--port N]");
    return 2;
}

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    interrupted.Cancel();
};

await using var server = await ScriptedModelServer.StartAsync(port);
Console.WriteLine($"scripted model listening on {server.BaseUrl}");
try
{
    await Task.Delay(Timeout.InfiniteTimeSpan, interrupted.Token);
}
catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
{
    Console.WriteLine($"{server.Calls.Count} calls, at most {server.MaxInFlight} at once");
}

return 0;
