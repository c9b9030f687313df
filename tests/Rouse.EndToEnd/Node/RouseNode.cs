using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Rouse.EndToEnd.OpenCode;

namespace Rouse.EndToEnd.Node;

/// <summary>
/// A real <c>rouse serve</c> process that a test may kill with SIGKILL and start again on the same data and port. Calls are made again while it
/// is down, as a client would, with the same idempotency key.
/// </summary>
public sealed class RouseNode : IAsyncDisposable
{
    private const string ListeningLine = "rouse listening on ";
    private static readonly TimeSpan s_startTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_downTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    private readonly string _folder = Directory.CreateTempSubdirectory("rouse-e2e-").FullName;
    private readonly int _port = LoopbackPort.Pick();
    private readonly List<string> _log = [];
    private readonly HttpClient _http;
    private Process? _process;

    private RouseNode(JsonObject configuration)
    {
        File.WriteAllText(Path.Combine(_folder, "rouse.json"), configuration.ToJsonString());
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_port}"), Timeout = TimeSpan.FromSeconds(20) };
    }

    /// <summary>What the processes wrote to their standard error, for the story of a failed test.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return string.Join('\n', _log);
            }
        }
    }

    /// <summary>Starts a node that serves one OpenCode at the address, and returns when it answers.</summary>
    public static async Task<RouseNode> StartAsync(Uri openCode, CancellationToken cancellationToken, JsonObject? lanes = null)
    {
        var node = new RouseNode(new JsonObject
        {
            ["instances"] = new JsonObject { ["opencode@test"] = new JsonObject { ["harness"] = "opencode", ["url"] = openCode.ToString().TrimEnd('/') } },
            ["lanes"] = lanes ?? new JsonObject { ["default"] = 10 },
        });
        await node.LaunchAsync(cancellationToken);
        return node;
    }

    /// <summary>SIGKILL, and waits until the process is gone.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
            _process = null;
        }
    }

    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        await KillAsync();
        await LaunchAsync(cancellationToken);
    }

    /// <summary>Makes a session of the harness known; returns Rouse's id of it.</summary>
    public async Task<string> RegisterAsync(string session, string? directory, CancellationToken cancellationToken)
    {
        var reply = await CallAsync(
            HttpMethod.Post, "/v1/sessions",
            new JsonObject { ["address"] = new JsonObject { ["instance"] = "opencode@test", ["id"] = session }, ["directory"] = directory }, key: null, cancellationToken);
        return reply["id"]!.GetValue<string>();
    }

    /// <summary>Delegates to the agent <c>build</c>; returns the task's id.</summary>
    public async Task<string> DelegateAsync(string from, string prompt, CancellationToken cancellationToken, Action<JsonObject>? change = null)
    {
        var body = new JsonObject { ["from"] = from, ["agent"] = "build", ["prompt"] = prompt, ["description"] = prompt.Split('\n')[0] };
        change?.Invoke(body);
        var reply = await CallAsync(HttpMethod.Post, "/v1/delegations", body, Guid.NewGuid().ToString("N"), cancellationToken);
        return reply["task"]!["id"]!.GetValue<string>();
    }

    public Task<JsonNode> GetAsync(string path, CancellationToken cancellationToken) => CallAsync(HttpMethod.Get, path, body: null, key: null, cancellationToken);

    public Task<JsonNode> PostAsync(string path, JsonObject body, CancellationToken cancellationToken) => CallAsync(HttpMethod.Post, path, body, key: null, cancellationToken);

    /// <summary>Waits until a look at the path shows what is waited for.</summary>
    public async Task<JsonNode> UntilAsync(string path, Func<JsonNode, bool> condition, CancellationToken cancellationToken, TimeSpan? timeout = null)
    {
        try
        {
            return await Eventually.HoldsAsync(ct => GetAsync(path, ct), condition, timeout ?? TimeSpan.FromMinutes(3), cancellationToken);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}\nThe node's log:\n{Log}", late);
        }
    }

    /// <summary>Waits until all tasks of the session are settled and nothing of its mailbox is owed; returns the tasks.</summary>
    public async Task<JsonArray> SettledAsync(string session, int tasks, CancellationToken cancellationToken, TimeSpan? timeout = null)
    {
        await UntilAsync($"/v1/sessions/{session}/mailbox", mailbox => Items(mailbox) is var notices && notices.Count >= tasks && notices.All(n => !n!["owed"]!.GetValue<bool>()), cancellationToken, timeout);
        return Items(await GetAsync($"/v1/tasks?session={session}", cancellationToken));
    }

    public static JsonArray Items(JsonNode list) => list["items"]!.AsArray();

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task LaunchAsync(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileName(host) == "dotnet" ? host : "dotnet")
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder,
        };
        foreach (var argument in (string[])
        [
            Path.Combine(AppContext.BaseDirectory, "rouse.dll"), "serve", "--config", Path.Combine(_folder, "rouse.json"),
            "--data", Path.Combine(_folder, "data"), "--url", $"http://127.0.0.1:{_port}", "--log", "information",
        ])
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException("The node could not be started.");
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_log)
            {
                _log.Add(line.Data ?? "");
            }
        };
        process.BeginErrorReadLine();
        _process = process;
        using var deadline = new CancellationTokenSource(s_startTime);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        while (await process.StandardOutput.ReadLineAsync(either.Token) is { } line)
        {
            if (line.StartsWith(ListeningLine, StringComparison.Ordinal))
            {
                var token = (await File.ReadAllTextAsync(Path.Combine(_folder, "data", "token"), cancellationToken)).Trim();
                _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
                return;
            }
        }

        throw new InvalidOperationException($"The node ended before it listened:\n{Log}");
    }

    private async Task<JsonNode> CallAsync(HttpMethod method, string path, JsonObject? body, string? key, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(s_downTime);
        while (true)
        {
            try
            {
                using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
                if (key is not null)
                {
                    request.Headers.Add("Idempotency-Key", key);
                }

                using var response = await _http.SendAsync(request, cancellationToken);
                var text = await response.Content.ReadAsStringAsync(cancellationToken);
                return response.IsSuccessStatusCode
                    ? JsonNode.Parse(text)!
                    : throw new HttpRequestException($"{method} {path} was answered {(int)response.StatusCode}: {text}", inner: null, response.StatusCode);
            }
            catch (HttpRequestException down) when (down.StatusCode is null or HttpStatusCode.ServiceUnavailable && !deadline.IsCancellationRequested)
            {
                // The node is down: there is no signal for when it is back, so the call is made again.
                await Task.Delay(s_pause, cancellationToken);
            }
        }
    }
}
