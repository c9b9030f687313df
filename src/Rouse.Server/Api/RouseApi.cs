using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Rouse.Server;

/// <summary>The HTTP API: what a call passes on its way, and the calls.</summary>
internal static class RouseApi
{
    public static IServiceCollection AddRouseApi(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddRouting();
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        return services.AddRouseDescription();
    }

    /// <summary>The order matters: nothing is looked at before the caller is known to be allowed.</summary>
    public static void UseRouseApi(this WebApplication app)
    {
        app.UseMiddleware<ResponseHeaders>();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseMiddleware<HostGuard>();
        app.UseMiddleware<OriginGuard>();
        app.UseMiddleware<TokenGuard>();
        app.UseRouting();
        Map(app);
    }

    private static void Map(IEndpointRouteBuilder routes)
    {
        SessionEndpoints.Map(routes);
        DelegationEndpoints.Map(routes);
        TaskEndpoints.Map(routes);
        WakeEndpoints.Map(routes);
        DeadLetterEndpoints.Map(routes);
        EventEndpoints.Map(routes);
        HealthEndpoints.Map(routes);
        routes.MapOpenApi(OpenApiDescription.Path);
    }
}
