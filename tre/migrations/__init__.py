"""Changes of the tables over time (Alembic). Must never hold a rule; a revision once released is never edited."""
