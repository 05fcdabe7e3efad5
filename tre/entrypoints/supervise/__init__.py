"""Owns the running installation: its folders, secrets and accounts, and the processes that supervisor starts and restarts.

`python -m tre.entrypoints.supervise run | start | stop | status`. Must never hold a rule about people, data or outputs.
"""
