"""Keep the evidence for labels, what a run says as a whole, what decisions taught, and the user's embeddings."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("datasets", sa.Column("embeddings", sa.Text))
    op.add_column("runs", sa.Column("statement", sa.Text))
    op.add_column("runs", sa.Column("n_errors_low", sa.BigInteger))
    op.add_column("runs", sa.Column("n_errors_high", sa.BigInteger))
    _make_table("evidence", sa.Column("row", sa.Integer, nullable=False), sa.Column("content", sa.Text, nullable=False))
    _make_table("signals", sa.Column("content", sa.LargeBinary, nullable=False))
    _make_table(
        "rerankings",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("n_verdicts", sa.Integer, nullable=False),
        sa.Column("n_issues", sa.BigInteger, nullable=False),
        sa.Column("new_labels", sa.Text, nullable=False),
        sa.Column("moved", sa.Float(53), nullable=False),
        sa.Column("noise", sa.LargeBinary, nullable=False),
        sa.Column("ranking", sa.LargeBinary, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("id", name="uq_rerankings_id"),
    )


def downgrade() -> None:
    for table in ("rerankings", "signals", "evidence"):
        op.drop_table(table)
    for column in ("n_errors_high", "n_errors_low", "statement"):
        op.drop_column("runs", column)
    op.drop_column("datasets", "embeddings")


def _make_table(name: str, *items: sa.schema.SchemaItem) -> None:
    """Make a table whose rows belong to a run."""
    keys = ["run_number", "row"] if name == "evidence" else ["run_number"]
    op.create_table(
        name,
        sa.Column("run_number", sa.Integer, nullable=False, autoincrement=False),
        *items,
        sa.PrimaryKeyConstraint(*keys, name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["run_number"], ["runs.number"], name=f"fk_{name}_run_number_runs", ondelete="CASCADE"),
    )
