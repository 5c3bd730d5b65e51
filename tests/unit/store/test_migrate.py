"""What the code knows of the migrations."""

from __future__ import annotations

from alembic.config import Config
from alembic.script import ScriptDirectory

from labelclean.store.migrate import HEAD


def test_the_newest_revision_is_the_one_the_code_knows() -> None:
    """A new migration file must be named in the code, or it would never run."""
    config = Config()
    config.set_main_option("script_location", "labelclean.store:migrations")

    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]
