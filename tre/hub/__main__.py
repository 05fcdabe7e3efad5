"""Starts the hub: `python -m tre.hub -f infra/hub/jupyterhub_config.py`. Must never do anything else."""

from tre.hub.app import TreHub

if __name__ == "__main__":
    TreHub.launch_instance()
