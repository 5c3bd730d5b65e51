"""Make the first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_projects()
    _make_runs()
    _make_decisions()
    _make_jobs()
    op.create_table(
        "settings",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_settings"),
    )


def downgrade() -> None:
    for table in ("settings", "jobs", "decisions", "suspects", "runs", "projects", "datasets"):
        op.drop_table(table)


def _make_projects() -> None:
    op.create_table(
        "datasets",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("n_bytes", sa.BigInteger, nullable=False),
        sa.Column("layout", sa.Text, nullable=False),
        sa.Column("roles", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_datasets"),
    )
    op.create_index("ix_datasets_sha256", "datasets", ["sha256"])
    op.create_table(
        "projects",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("dataset_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("is_demo", sa.Boolean, nullable=False),
        sa.Column("bookmark", sa.Text, nullable=False),
        sa.Column("last_position", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_projects"),
        sa.ForeignKeyConstraint(["dataset_id"], ["datasets.id"], name="fk_projects_dataset_id_datasets"),
    )
    op.create_index("ix_projects_dataset_id", "projects", ["dataset_id"])


def _make_runs() -> None:
    op.create_table(
        "runs",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("project_id", sa.Text, nullable=False),
        sa.Column("config", sa.Text, nullable=False),
        sa.Column("class_names", sa.Text, nullable=False),
        sa.Column("n_examples", sa.BigInteger, nullable=False),
        sa.Column("n_issues", sa.BigInteger, nullable=False),
        sa.Column("n_likely", sa.Integer, nullable=False),
        sa.Column("noise", sa.LargeBinary, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_runs"),
        sa.UniqueConstraint("id", name="uq_runs_id"),
        sa.UniqueConstraint("project_id", name="uq_runs_project_id"),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name="fk_runs_project_id_projects", ondelete="CASCADE"
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "suspects",
        sa.Column("run_number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("rank", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("given", sa.Integer, nullable=False),
        sa.Column("suggested", sa.Integer, nullable=False),
        sa.Column("label_quality", sa.Float(53)),
        sa.Column("error_probability", sa.Float(53)),
        sa.Column("is_issue", sa.Boolean, nullable=False),
        sa.Column("likely_labels", sa.LargeBinary, nullable=False),
        sa.Column("likely_probs", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("run_number", "rank", name="pk_suspects"),
        sa.ForeignKeyConstraint(
            ["run_number"], ["runs.number"], name="fk_suspects_run_number_runs", ondelete="CASCADE"
        ),
        sqlite_with_rowid=False,
    )


def _make_decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("uuid", sa.Text, nullable=False),
        sa.Column("project_id", sa.Text, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("row", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("verdict", sa.Text),
        sa.Column("label", sa.Text),
        sa.Column("target_uuid", sa.Text),
        sa.Column("reviewer", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds_spent", sa.Float(53)),
        sa.Column("error_probability", sa.Float(53)),
        sa.Column("suggested_label", sa.Text),
        sa.Column("note", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("uuid", name="pk_decisions"),
        sa.UniqueConstraint("project_id", "position", name="uq_decisions_project_id_position"),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name="fk_decisions_project_id_projects", ondelete="CASCADE"
        ),
    )


def _make_jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("project_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("options", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("fraction", sa.Float(53), nullable=False),
        sa.Column("pid", sa.BigInteger),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("fix", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("number", name="pk_jobs"),
        sa.UniqueConstraint("id", name="uq_jobs_id"),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name="fk_jobs_project_id_projects", ondelete="CASCADE"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_jobs_project_id_number", "jobs", ["project_id", "number"])
