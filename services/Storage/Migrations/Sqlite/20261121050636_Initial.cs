using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Platform.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "files_reference",
                columns: table => new
                {
                    tenant = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    sha256 = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    job_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    until = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_files_reference", x => new { x.tenant, x.sha256, x.job_id });
                });

            migrationBuilder.CreateIndex(
                name: "ix_files_reference_job_id",
                table: "files_reference",
                column: "job_id");

            migrationBuilder.CreateIndex(
                name: "ix_files_reference_until",
                table: "files_reference",
                column: "until");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "files_reference");
        }
    }
}
