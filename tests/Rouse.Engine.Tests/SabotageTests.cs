using System.Reflection;
using Rouse.Core;

namespace Rouse.Engine.Tests;

/// <summary>The deliberate faults of the saboteur tests stand in the product's sources: nothing of them may reach the product.</summary>
public sealed class SabotageTests
{
    public static TheoryData<Assembly> Products => [typeof(Crew).Assembly, typeof(RouseEngine).Assembly];

    [Theory]
    [MemberData(nameof(Products), DisableDiscoveryEnumeration = true)]
    public void A_product_assembly_holds_nothing_of_a_saboteur_but_a_constant_that_is_false(Assembly product)
    {
        const BindingFlags Declared = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var list = Assert.Single(product.GetTypes(), t => t.Name == "Sabotage");

        var members = list.GetMembers(Declared);

        // A constant is no place in memory: what the compiler wrote of it is its value, and false leaves no branch behind.
        Assert.NotEmpty(members);
        Assert.All(members, m => Assert.True(m is FieldInfo { IsLiteral: true } f && f.GetRawConstantValue() is false, $"{m} is no constant that is false"));
    }
}
