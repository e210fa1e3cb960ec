using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Platform.JobStore.Storage;

/// <summary>
/// Lets EF Core's SQLite provider, which asks for a newer SQLitePCLRaw.core than can be had, run with the one beside the application (docs/adr/0006).
/// </summary>
internal static class SqliteLoader
{
    private const string Core = "SQLitePCLRaw.core";

#pragma warning disable CA2255 // must run before the first type of this assembly that touches SQLite is loaded
    [ModuleInitializer]
    internal static void Initialize() => AssemblyLoadContext.Default.Resolving += Resolve;
#pragma warning restore CA2255

    /// <summary>Names the native library once; needs <see cref="Resolve"/> in place, hence a method of its own.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void UseNativeLibrary() => SQLitePCL.raw.SetProvider(new SQLitePCL.SQLite3Provider_e_sqlite3());

    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name)
    {
        var file = Path.Combine(AppContext.BaseDirectory, Core + ".dll");
        return name.Name == Core && File.Exists(file) ? context.LoadFromAssemblyPath(file) : null;
    }
}
