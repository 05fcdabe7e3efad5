"""Owns what the services of this room are handed besides the context: the ports, as bootstrap filled them in."""

from dataclasses import dataclass

from tre.projects.ports import Catalogue, LiveWorkspaces, SnapshotOrders


@dataclass(frozen=True, kw_only=True)
class ProjectsDesk:
    """The rooms above, as projects see them."""

    catalogue: Catalogue
    snapshots: SnapshotOrders
    workspaces: LiveWorkspaces
