"""Starts the hub: `python -m tre.hub -f infra/hub/jupyterhub_config.py`. Must never do anything else."""

import resource

from tre.hub.app import TreHub

if __name__ == "__main__":
    # Each workspace takes some descriptors here; the usual first limit of 1,024 is for interactive programs.
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    TreHub.launch_instance()
