"""Background work. The only package that knows the queue engine (PgQueuer)."""
