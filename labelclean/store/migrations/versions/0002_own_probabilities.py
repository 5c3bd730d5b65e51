"""Let a dataset name the probabilities of the user's own model."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("datasets", sa.Column("pred_probs", sa.Text))


def downgrade() -> None:
    op.drop_column("datasets", "pred_probs")
