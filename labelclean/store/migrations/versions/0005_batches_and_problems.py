"""Keep which decisions were made at once and why, the settings of a project, and what else is wrong with its data."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("decisions", sa.Column("batch", sa.Text))
    op.add_column("decisions", sa.Column("source", sa.Text, nullable=False, server_default="queue"))
    op.add_column("runs", sa.Column("label_cells", sa.LargeBinary))
    op.add_column("runs", sa.Column("label_confusions", sa.Text))
    op.add_column("rerankings", sa.Column("account", sa.Text))
    op.create_table(
        "problems",
        sa.Column("run_number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(
            ["run_number"], ["runs.number"], name="fk_problems_run_number_runs", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_number", "kind", name="pk_problems"),
    )
    op.create_table(
        "project_settings",
        sa.Column("project_id", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name="fk_project_settings_project_id_projects", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", "key", name="pk_project_settings"),
    )


def downgrade() -> None:
    op.drop_table("project_settings")
    op.drop_table("problems")
    op.drop_column("rerankings", "account")
    op.drop_column("runs", "label_confusions")
    op.drop_column("runs", "label_cells")
    op.drop_column("decisions", "source")
    op.drop_column("decisions", "batch")
