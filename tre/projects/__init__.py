"""Safe projects: an application, who decides on it, and the approved project until it is closed.

Owns applications, members, the data asked for, decisions, suspension and closure. States: draft, submitted, approved or
refused, suspended, closed. Must never know how a snapshot is built or a workspace runs: it asks through ports.py.
"""
