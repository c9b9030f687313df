using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Rouse.Core;

namespace Rouse.Engine.Tests;

/// <summary>
/// The simulation proves only what runs on its scheduler. The analyzer refuses what would leave it; this reads what was compiled, generated code too.
/// </summary>
public sealed class SchedulerTests
{
    private static readonly HashSet<string> Escapes = new(StringComparer.Ordinal)
    {
        "Task.Run", "TaskFactory.StartNew", "Task.ConfigureAwait", "ValueTask.ConfigureAwait", "TaskAsyncEnumerableExtensions.ConfigureAwait", "Task.Wait",
        "Task.WaitAll", "Task.WaitAny", "Task.WaitAsync", "Task.ContinueWith", "Task.get_Factory", "CancellationTokenSource.CancelAsync",
        "DateTime.get_Now", "DateTime.get_UtcNow", "DateTimeOffset.get_Now", "DateTimeOffset.get_UtcNow", "TimeProvider.get_System", "Environment.get_TickCount",
        "Environment.get_TickCount64", "Guid.NewGuid", "Guid.CreateVersion7", "Random.get_Shared", "SemaphoreSlim.WaitAsync",
        "TimeZoneInfo.get_Local", "DateTime.ToLocalTime", "DateTimeOffset.ToLocalTime", "Environment.GetEnvironmentVariable",
    };

    private static readonly HashSet<string> EscapingTypes = new(StringComparer.Ordinal)
    {
        "Thread", "ThreadPool", "Timer", "PeriodicTimer", "Stopwatch", "Parallel", "ParallelEnumerable", "TaskFactory", "TaskScheduler", "SynchronizationContext",
        "WaitHandle", "ManualResetEvent", "ManualResetEventSlim", "AutoResetEvent", "Semaphore", "Mutex", "File", "FileStream", "Directory", "Process", "Console",
        "HttpClient", "Socket", "TcpClient", "TcpListener",
    };

    [Theory]
    [InlineData(typeof(Crew))]
    [InlineData(typeof(RouseEngine))]
    public void Nothing_in_it_leaves_the_scheduler(Type type)
    {
        using var file = new PEReader(File.OpenRead(type.Assembly.Location));
        var reader = file.GetMetadataReader();
        var found = reader.MemberReferences.Select(reader.GetMemberReference)
            .Select(m => (Type: TypeOf(reader, m.Parent), Member: reader.GetString(m.Name)))
            .Where(m => EscapingTypes.Contains(m.Type) || Escapes.Contains($"{m.Type}.{m.Member}"))
            .Select(m => $"{m.Type}.{m.Member}").Distinct(StringComparer.Ordinal);
        Assert.Empty(found);
    }

    private static string TypeOf(MetadataReader reader, EntityHandle parent) =>
        parent.Kind == HandleKind.TypeReference ? reader.GetString(reader.GetTypeReference((TypeReferenceHandle)parent).Name)
        : parent.Kind == HandleKind.TypeSpecification ? Generic(reader, (TypeSpecificationHandle)parent)
        : "";

    /// <summary>The name of a generic type without its arguments: <c>Task`1</c> counts as Task.</summary>
    private static string Generic(MetadataReader reader, TypeSpecificationHandle handle)
    {
        var blob = reader.GetBlobReader(reader.GetTypeSpecification(handle).Signature);
        if (blob.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
        {
            return "";
        }

        blob.ReadCompressedInteger();
        var type = blob.ReadTypeHandle();
        return type.Kind == HandleKind.TypeReference ? reader.GetString(reader.GetTypeReference((TypeReferenceHandle)type).Name).Split('`')[0] : "";
    }
}
