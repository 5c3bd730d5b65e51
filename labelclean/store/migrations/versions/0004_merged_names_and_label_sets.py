"""Keep which names of classes were merged, and what an audit says of single labels and of annotators."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("decisions", sa.Column("merged", sa.Text))
    op.add_column("runs", sa.Column("label_noise", sa.Text))
    op.add_column("runs", sa.Column("annotators", sa.Text))


def downgrade() -> None:
    op.drop_column("runs", "annotators")
    op.drop_column("runs", "label_noise")
    op.drop_column("decisions", "merged")
