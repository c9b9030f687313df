namespace Rouse.Core;

/// <summary>Which model an attempt is followed by.</summary>
internal static class Fallback
{
    /// <summary>The next model to try after an error, or null when there is none or another model cannot help.</summary>
    public static string? Next(AgentTask task, TaskError error)
    {
        if ((error.Class is not (FailureClass.Passing or FailureClass.Provider or FailureClass.Interrupted) && !Sabotage.FallsBackForAnyError)
            || Sabotage.GivesUpWithAFallbackLeft)
        {
            return null;
        }

        var tried = task.Attempts.Select(a => a.Model).ToList();
        var deadProviders = task.Attempts.Select(a => (a.Model, Error: a.Number == task.Current.Number ? error : a.Error))
            .Where(a => a.Error is { Class: FailureClass.Provider } e && e.Reason != "unknown-model")
            .Select(a => ProviderOf(a.Model)).ToList();
        return task.Spec.Fallbacks.FirstOrDefault(
            f => !tried.Contains(f, StringComparer.Ordinal) && (Sabotage.TriesADeadProviderAgain || !deadProviders.Contains(ProviderOf(f), StringComparer.Ordinal)));
    }

    private static string? ProviderOf(string? model) => model?.Split('/', 2)[0];
}
