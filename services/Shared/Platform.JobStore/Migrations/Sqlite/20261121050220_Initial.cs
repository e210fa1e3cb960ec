using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Platform.JobStore.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "jobs_idempotent_request",
                columns: table => new
                {
                    tenant = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    key = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    body_hash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    job_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    status_code = table.Column<int>(type: "INTEGER", nullable: false),
                    answer = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_jobs_idempotent_request", x => new { x.tenant, x.key });
                });

            migrationBuilder.CreateTable(
                name: "jobs_job",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    tenant = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    name = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    current_state = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    document = table.Column<string>(type: "TEXT", nullable: false),
                    inputs = table.Column<string>(type: "TEXT", nullable: false),
                    outputs = table.Column<string>(type: "TEXT", nullable: false),
                    stages = table.Column<string>(type: "TEXT", nullable: false),
                    webhook = table.Column<string>(type: "TEXT", nullable: true),
                    priority = table.Column<int>(type: "INTEGER", nullable: false),
                    results = table.Column<string>(type: "TEXT", nullable: false),
                    failure = table.Column<string>(type: "TEXT", nullable: true),
                    accepted_at = table.Column<string>(type: "TEXT", nullable: false),
                    started_at = table.Column<string>(type: "TEXT", nullable: true),
                    ended_at = table.Column<string>(type: "TEXT", nullable: true),
                    deadline_at = table.Column<string>(type: "TEXT", nullable: false),
                    wake_at = table.Column<string>(type: "TEXT", nullable: true),
                    expires_at = table.Column<string>(type: "TEXT", nullable: true),
                    last_event = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_jobs_job", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "jobs_outbox_message",
                columns: table => new
                {
                    sequence_number = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    order_key = table.Column<Guid>(type: "TEXT", nullable: true),
                    message_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    conversation_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    correlation_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    initiator_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    request_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    source_address = table.Column<string>(type: "TEXT", nullable: true),
                    destination_address = table.Column<string>(type: "TEXT", nullable: false),
                    response_address = table.Column<string>(type: "TEXT", nullable: true),
                    fault_address = table.Column<string>(type: "TEXT", nullable: true),
                    content_type = table.Column<string>(type: "TEXT", nullable: false),
                    message_type = table.Column<string>(type: "TEXT", nullable: false),
                    body = table.Column<string>(type: "TEXT", nullable: false),
                    headers = table.Column<string>(type: "TEXT", nullable: true),
                    properties = table.Column<string>(type: "TEXT", nullable: true),
                    written_at = table.Column<string>(type: "TEXT", nullable: false),
                    expires_at = table.Column<string>(type: "TEXT", nullable: true),
                    due_at = table.Column<string>(type: "TEXT", nullable: true),
                    held_until = table.Column<string>(type: "TEXT", nullable: true),
                    failures = table.Column<int>(type: "INTEGER", nullable: false),
                    is_refused = table.Column<bool>(type: "INTEGER", nullable: false),
                    schedule_token = table.Column<Guid>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_jobs_outbox_message", x => x.sequence_number);
                });

            migrationBuilder.CreateTable(
                name: "jobs_stage_progress",
                columns: table => new
                {
                    job_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    stage = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    attempt = table.Column<int>(type: "INTEGER", nullable: false),
                    progress = table.Column<double>(type: "REAL", nullable: false),
                    activity = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    reported_at = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_jobs_stage_progress", x => new { x.job_id, x.stage });
                });

            migrationBuilder.CreateTable(
                name: "jobs_upload",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    tenant = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    file_name = table.Column<string>(type: "TEXT", maxLength: 255, nullable: true),
                    is_site = table.Column<bool>(type: "INTEGER", nullable: false),
                    artifact = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<string>(type: "TEXT", nullable: false),
                    expires_at = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_jobs_upload", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "jobs_job_event",
                columns: table => new
                {
                    job_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    number = table.Column<int>(type: "INTEGER", nullable: false),
                    type = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    at = table.Column<string>(type: "TEXT", nullable: false),
                    data = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_jobs_job_event", x => new { x.job_id, x.number });
                    table.ForeignKey(
                        name: "fk_jobs_job_event_jobs_job_job_id",
                        column: x => x.job_id,
                        principalTable: "jobs_job",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "jobs_job_metadata",
                columns: table => new
                {
                    job_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    key = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    value = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_jobs_job_metadata", x => new { x.job_id, x.key });
                    table.ForeignKey(
                        name: "fk_jobs_job_metadata_jobs_job_job_id",
                        column: x => x.job_id,
                        principalTable: "jobs_job",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_jobs_idempotent_request_created_at",
                table: "jobs_idempotent_request",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_job_expires_at",
                table: "jobs_job",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_job_tenant_id",
                table: "jobs_job",
                columns: new[] { "tenant", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_jobs_job_wake_at",
                table: "jobs_job",
                column: "wake_at");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_job_metadata_key_value",
                table: "jobs_job_metadata",
                columns: new[] { "key", "value" });

            migrationBuilder.CreateIndex(
                name: "ix_jobs_outbox_message_held_until",
                table: "jobs_outbox_message",
                column: "held_until");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_outbox_message_order_key_sequence_number",
                table: "jobs_outbox_message",
                columns: new[] { "order_key", "sequence_number" });

            migrationBuilder.CreateIndex(
                name: "ix_jobs_outbox_message_schedule_token",
                table: "jobs_outbox_message",
                column: "schedule_token");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_upload_expires_at",
                table: "jobs_upload",
                column: "expires_at");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "jobs_idempotent_request");

            migrationBuilder.DropTable(
                name: "jobs_job_event");

            migrationBuilder.DropTable(
                name: "jobs_job_metadata");

            migrationBuilder.DropTable(
                name: "jobs_outbox_message");

            migrationBuilder.DropTable(
                name: "jobs_stage_progress");

            migrationBuilder.DropTable(
                name: "jobs_upload");

            migrationBuilder.DropTable(
                name: "jobs_job");
        }
    }
}
