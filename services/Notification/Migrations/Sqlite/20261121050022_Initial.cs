using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Platform.Notification.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "webhooks_endpoint",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    tenant = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    job_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    url = table.Column<string>(type: "TEXT", nullable: false),
                    protected_secret = table.Column<string>(type: "TEXT", nullable: true),
                    created_at = table.Column<string>(type: "TEXT", nullable: false),
                    disabled_at = table.Column<string>(type: "TEXT", nullable: true),
                    disabled_reason = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_webhooks_endpoint", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "webhooks_delivery",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    endpoint_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    job_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    number = table.Column<int>(type: "INTEGER", nullable: false),
                    message_id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    type = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    payload = table.Column<string>(type: "TEXT", nullable: false),
                    trace_parent = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    state = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    takes = table.Column<int>(type: "INTEGER", nullable: false),
                    failures = table.Column<int>(type: "INTEGER", nullable: false),
                    due_at = table.Column<string>(type: "TEXT", nullable: true),
                    leased_until = table.Column<string>(type: "TEXT", nullable: true),
                    last_status = table.Column<int>(type: "INTEGER", nullable: true),
                    last_code = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    created_at = table.Column<string>(type: "TEXT", nullable: false),
                    ended_at = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_webhooks_delivery", x => x.id);
                    table.ForeignKey(
                        name: "fk_webhooks_delivery_webhooks_endpoint_endpoint_id",
                        column: x => x.endpoint_id,
                        principalTable: "webhooks_endpoint",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "webhooks_attempt",
                columns: table => new
                {
                    delivery_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    number = table.Column<int>(type: "INTEGER", nullable: false),
                    at = table.Column<string>(type: "TEXT", nullable: false),
                    status = table.Column<int>(type: "INTEGER", nullable: true),
                    code = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    duration_ms = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_webhooks_attempt", x => new { x.delivery_id, x.number });
                    table.ForeignKey(
                        name: "fk_webhooks_attempt_webhooks_delivery_delivery_id",
                        column: x => x.delivery_id,
                        principalTable: "webhooks_delivery",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_webhooks_delivery_due_at",
                table: "webhooks_delivery",
                column: "due_at");

            migrationBuilder.CreateIndex(
                name: "ix_webhooks_delivery_ended_at",
                table: "webhooks_delivery",
                column: "ended_at");

            migrationBuilder.CreateIndex(
                name: "ix_webhooks_delivery_endpoint_id_job_id_number",
                table: "webhooks_delivery",
                columns: new[] { "endpoint_id", "job_id", "number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_webhooks_endpoint_created_at",
                table: "webhooks_endpoint",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "ix_webhooks_endpoint_tenant_job_id",
                table: "webhooks_endpoint",
                columns: new[] { "tenant", "job_id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "webhooks_attempt");

            migrationBuilder.DropTable(
                name: "webhooks_delivery");

            migrationBuilder.DropTable(
                name: "webhooks_endpoint");
        }
    }
}
