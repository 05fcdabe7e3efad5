"""The honest broker: takes this room's jobs, one at a time, with the vault open. Runs in a process and account of its own.

Must never serve HTTP, nor be imported by the portal. What it tells the outside is counts, hashes and sentences.
"""
