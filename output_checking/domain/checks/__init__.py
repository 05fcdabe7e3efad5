"""Disclosure checks: an engine that judges an output from the records behind it, by person, and a tool of its own.

`files/` looks at a file as it was handed in; the rest judges a specification of an output on its data. The package stands
alone: it must never import the service, a database of records, or the policy server. It must never call safe what it
could not judge.
"""
