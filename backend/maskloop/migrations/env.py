"""Run by Alembic, on the connection that `maskloop.migrations` hands over."""

from alembic import context

from maskloop.tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
context.run_migrations()
