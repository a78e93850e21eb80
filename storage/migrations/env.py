"""How Alembic runs our migrations: on the connection, and in the transaction, that schema.upgrade hands it.

To write a new migration: change tables.py, then add versions/NNNN_what.py by hand; a test compares the two.
"""

from alembic import context

from storage.partial_indexes import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
