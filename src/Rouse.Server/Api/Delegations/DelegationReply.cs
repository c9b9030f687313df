using Rouse.Engine;

namespace Rouse.Server;

/// <param name="Task">The task as it was accepted.</param>
/// <param name="Message">One sentence for the agent: a wake will come, and waiting or polling is not needed.</param>
internal sealed record DelegationReply(TaskView Task, string Message);
