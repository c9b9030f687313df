using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Rouse.Engine;

namespace Rouse.Server;

/// <summary>How calls answer, and how that is declared.</summary>
internal static class Answers
{
    public static JsonHttpResult<T> Ok<T>(T value, JsonTypeInfo<T> type) => TypedResults.Json(value, type, statusCode: StatusCodes.Status200OK);

    /// <summary>A list that is always whole.</summary>
    public static Page<T> Whole<T>(IReadOnlyList<T> items) => new(items, Next: null);

    /// <summary>Declares a call for its description; the query parameters declared here are the only ones that it takes.</summary>
    public static RouteHandlerBuilder Describe(
        this RouteHandlerBuilder endpoint, string name, string summary, string description, params IReadOnlyList<QueryParameter> query) =>
        endpoint.WithName(name).WithSummary(summary).WithDescription(description).WithMetadata(new QueryDeclaration(query));

    /// <summary>Declares what a call refuses, besides what every call does.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
        {
            endpoint.Produces<Problem>(status, "application/problem+json");
        }

        return endpoint;
    }
}
