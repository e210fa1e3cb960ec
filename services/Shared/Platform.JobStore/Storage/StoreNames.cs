using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;

namespace Platform.JobStore.Storage;

/// <summary>Names that need no quotes in psql; the schema as a prefix where the database has none.</summary>
internal sealed class StoreNames(string schema, bool schemaAsPrefix) : IModelFinalizingConvention
{
    public void ProcessModelFinalizing(IConventionModelBuilder modelBuilder, IConventionContext<IConventionModelBuilder> context)
    {
        modelBuilder.HasDefaultSchema(schemaAsPrefix ? null : schema, fromDataAnnotation: true);
        var tables = modelBuilder.Metadata.GetEntityTypes()
            .Where(type => !type.IsMappedToJson() && type.GetTableName() is not null)
            .Select(type => (Type: type, Table: Snake(type.GetTableName()!)))
            .ToList();      // all names before the first change: types that share a table follow each other
        foreach (var (type, table) in tables)
        {
            type.SetTableName(schemaAsPrefix ? $"{schema}_{table}" : table);
            type.SetSchema(schemaAsPrefix ? null : schema);
            foreach (var property in type.GetProperties())
            {
                property.Builder.HasColumnName(Snake(property.GetColumnName()));
            }
        }

        foreach (var (type, _) in tables)
        {
            foreach (var key in type.GetKeys())
            {
                key.Builder.HasName(Snake(key.GetName()!));
            }

            foreach (var index in type.GetIndexes())
            {
                index.Builder.HasDatabaseName(Snake(index.GetDatabaseName()!));
            }

            foreach (var reference in type.GetForeignKeys().Where(reference => reference.GetConstraintName() is not null))
            {
                reference.Builder.HasConstraintName(Snake(reference.GetConstraintName()!));
            }
        }
    }

    /// <summary><c>CreatedAt</c> → <c>created_at</c>, <c>IX_job_WakeAt</c> → <c>ix_job_wake_at</c>.</summary>
    internal static string Snake(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            var startsWord = char.IsUpper(name[i]) && i > 0 && name[i - 1] != '_'
                && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            text.Append(startsWord ? "_" : "").Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }
}
