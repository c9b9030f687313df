namespace Rouse.Conformance.Harnesses.Grades;

/// <summary>Marks a check of the suite as a proof. A guarantee holds when every check that is marked with it passes.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class ProvesAttribute(Guarantee guarantee) : Attribute
{
    public Guarantee Guarantee => guarantee;
}
