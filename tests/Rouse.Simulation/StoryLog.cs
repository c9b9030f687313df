using Microsoft.Extensions.Logging;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>Writes the engine's log into the story. An error that is not the store's fault is a defect.</summary>
internal sealed class StoryLog(Story story, string node) : ILoggerFactory, ILogger
{
    public void AddProvider(ILoggerProvider provider)
    {
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= (story.IsTold ? LogLevel.Debug : LogLevel.Error);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        var line = $"{node} {logLevel}: {formatter(state, exception)}{(exception is null ? "" : $" | {exception.GetType().Name}: {exception.Message}")}";
        story.Tell(line);
        if (logLevel >= LogLevel.Error && exception is not null and not JournalUnavailableException)
        {
            story.Defects.Add($"{line}\n{exception}");
        }
    }
}
