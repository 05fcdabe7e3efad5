"""Safe settings: one person's workspace in one project, from opening to its end.

Owns who may open a workspace now, what is mounted in it (sealed for the hub), its token, and that it is stopped when what
allowed it has lapsed. States: opening, live, stopped, failed. Must never mount or start anything itself: the hub does.
"""
