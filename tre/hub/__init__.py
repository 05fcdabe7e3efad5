"""What runs inside JupyterHub's process: sandbox, spawner, sign-in hooks, the workspaces' door to the hub.

Must never import another room, a database of the portal, or anything that reads data: it knows mount plans only.
"""
