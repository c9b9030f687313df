namespace Rouse.Simulation;

public sealed partial class SimNode
{
    /// <summary>
    /// The node's clock and timers. Its time of day may differ from the world's and may jump; timers and timestamps go on steadily, as a computer's do.
    /// </summary>
    private sealed class Time(SimNode node) : TimeProvider
    {
        private readonly List<Action> _held = [];

        public int Fired { get; private set; }

        public override long TimestampFrequency => Scheduler.TimestampFrequency;

        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        private SimScheduler Scheduler => node._world.Time;

        public override DateTimeOffset GetUtcNow() => Scheduler.GetUtcNow() + node._world.ClockIsOffBy;

        public override long GetTimestamp() => Scheduler.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            ITimer? timer = null;
            timer = Scheduler.CreateTimer(Fire, state: null, dueTime, period);
            return timer;

            void Fire(object? _)
            {
                if (node.IsDead)
                {
                    timer?.Dispose();
                }
                else if (node.IsPaused)
                {
                    _held.Add(() => Fire(null));
                }
                else
                {
                    Fired++;
                    callback(state);
                }
            }
        }

        /// <summary>What was due in a pause fires now, among all else that comes in, in any order.</summary>
        public void FireHeld()
        {
            foreach (var fire in _held)
            {
                _ = InTurnAsync(fire);
            }

            _held.Clear();
        }

        private static async Task InTurnAsync(Action fire)
        {
            await Task.Yield();
            fire();
        }
    }
}
