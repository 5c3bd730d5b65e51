"""How alembic reaches the database: through the connection the store hands it, inside its transaction."""

from alembic import context

from labelclean.store.tables import metadata

# No logging is set up here: this runs inside other people's programs.
context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)

with context.begin_transaction():
    context.run_migrations()
