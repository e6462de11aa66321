"""The entry point of Alembic: it runs the migrations on our connection, in our transaction."""

from __future__ import annotations

from alembic import context

from f1timings.store.tables.timed import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
