using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Rouse.Server;

/// <summary>What the OpenAPI document says beyond what the endpoints declare.</summary>
internal static class OpenApiDescription
{
    public const string Document = "v1";
    public const string Path = "/openapi/v1.json";

    public static IServiceCollection AddRouseDescription(this IServiceCollection services) => services.AddOpenApi(Document, options =>
    {
        options.AddDocumentTransformer(DescribeDocument);
        options.AddOperationTransformer(OperationDescription.Describe);
        options.AddSchemaTransformer(SchemaDescription.Describe);
    });

    private static Task DescribeDocument(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Rouse",
            Version = Document,
            Description = "Runs AI agents in the background and wakes the agent that asked. JSON is camelCase, times are RFC 3339 in UTC, durations are 30s or "
                + "ISO 8601, ids are opaque. Unknown fields and parameters are refused. Errors are problem details (RFC 9457) with a stable type.",
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
        document.Components.SecuritySchemes[OperationDescription.Bearer] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "The content of the file 'token' in the node's data directory.",
        };
        return Task.CompletedTask;
    }
}
