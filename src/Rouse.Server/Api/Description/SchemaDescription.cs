using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Server;

/// <summary>Describes what the serializer cannot see: ids are text, and where a request differs from what it becomes.</summary>
internal static class SchemaDescription
{
    private static readonly HashSet<Type> Requests = [typeof(SessionRequest), typeof(DelegationRequest), typeof(CancelBody), typeof(AcknowledgementBody)];

    public static Task Describe(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (IdPattern(type) is { } pattern)
        {
            schema.Type = JsonSchemaType.String;
            schema.Pattern = pattern;
        }

        if (type == typeof(DelegationRequest))
        {
            DescribeDelegation(schema);
        }

        if (Requests.Contains(type))
        {
            DescribeRequest(schema);
        }

        return Task.CompletedTask;
    }

    // What is not wanted is left out: null is refused, and so is a field that is not known.
    private static void DescribeRequest(OpenApiSchema schema)
    {
        schema.AdditionalPropertiesAllowed = false;
        foreach (var property in schema.Properties?.Values.OfType<OpenApiSchema>() ?? [])
        {
            property.Type &= ~JsonSchemaType.Null;
        }
    }

    private static string? IdPattern(Type type) =>
        type == typeof(SessionId) ? "^session_[0-9a-z]+_[0-9]+$"
        : type == typeof(TaskId) ? "^task_[0-9a-z]+_[0-9]+$"
        : type == typeof(WakeId) ? "^wake_[0-9a-z]+_[0-9]+$"
        : type == typeof(NoticeId) ? "^notice_[0-9a-z]+_[0-9]+$"
        : type == typeof(CrewId) ? "^crew_[0-9a-z]+$"
        : null;

    // The key comes as a header, and what bounds a task is told in one object.
    private static void DescribeDelegation(OpenApiSchema schema)
    {
        schema.Properties ??= new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal);
        schema.Properties.Remove("idempotencyKey");
        schema.Properties.Remove("deadline");
        schema.Properties["limits"] = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            AdditionalPropertiesAllowed = false,
            Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
            {
                ["deadline"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Description = "How long the task may take from its acceptance on, such as 30m or PT30M.",
                },
            },
        };
    }
}
