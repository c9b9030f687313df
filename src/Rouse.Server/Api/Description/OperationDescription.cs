using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Rouse.Server;

/// <summary>Adds to every call its declared parameters and headers, the token, and the problems that any call may end with.</summary>
internal static class OperationDescription
{
    public const string Bearer = "bearer";

    private static readonly (string Status, string Description)[] AnyCall =
    [
        ("400", "A value is wrong: `path` names it, and `errors` everything that is wrong."),
        ("401", "The token is missing or wrong."),
        ("403", "The header Host or Origin is foreign."),
        ("503", "The journal cannot be used, or the node is stopping; Retry-After says when to try again."),
    ];

    private static readonly Dictionary<string, string> SomeCalls = new(StringComparer.Ordinal)
    {
        ["404"] = "It does not exist.",
        ["409"] = "It does not fit the present state.",
        ["410"] = "It is no longer kept; `oldest` is the oldest that is.",
        ["413"] = "The body is too large.",
        ["415"] = "The body is not declared as JSON.",
        ["422"] = "The Idempotency-Key was used for another request.",
        ["429"] = "A limit was reached: `limit` names it and `value` is its value.",
    };

    public static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        operation.Parameters ??= [];
        foreach (var query in metadata.OfType<QueryDeclaration>().SelectMany(q => q.Parameters))
        {
            operation.Parameters.Add(Parameter(query.Name, query.Description, ParameterLocation.Query, query.IsNumber ? JsonSchemaType.Integer : JsonSchemaType.String));
        }

        foreach (var header in metadata.OfType<HeaderDeclaration>())
        {
            operation.Parameters.Add(Parameter(header.Name, header.Description, ParameterLocation.Header, JsonSchemaType.String));
        }

        operation.Responses ??= [];
        foreach (var (status, response) in operation.Responses)
        {
            response.Description = SomeCalls.GetValueOrDefault(status, response.Description ?? "");
        }

        if (context.Description.RelativePath == HealthEndpoints.Alive.TrimStart('/'))
        {
            return Task.CompletedTask;
        }

        // The endpoints that declare a refusal bring the schema into the document.
        var problem = new OpenApiSchemaReference(nameof(Problem), context.Document);
        foreach (var (status, description) in AnyCall)
        {
            operation.Responses.TryAdd(status, new OpenApiResponse
            {
                Description = description,
                Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { ["application/problem+json"] = new() { Schema = problem } },
            });
        }

        operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = [] }];
        return Task.CompletedTask;
    }

    private static OpenApiParameter Parameter(string name, string description, ParameterLocation place, JsonSchemaType type) =>
        new() { Name = name, Description = description, In = place, Schema = new OpenApiSchema { Type = type } };
}
