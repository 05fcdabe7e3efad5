"""What can be asked of the data room without opening the vault: catalogue, orders to the broker, snapshots.

The broker's own acts are in `versions` and `building`. Nothing here imports `tre.data.engine`.
"""

from tre.data.service.assessing import order_assessment
from tre.data.service.assessment_card import assessment
from tre.data.service.catalogue import DatasetView, datasets, opted_out, view_datasets
from tre.data.service.entries import public_catalogue, public_dataset, public_table
from tre.data.service.exemptions import Exemption, exempt_project, exemptions_of, honour_list
from tre.data.service.freshness import Outdated, order_refreshes, overdue_refreshes
from tre.data.service.jobs import INGEST, KINDS, SNAPSHOT_BUILD, SNAPSHOT_REMOVE, TWIN_BUILD
from tre.data.service.lists import ListOrder, order_list
from tre.data.service.loading import Origin, order_load
from tre.data.service.opt_out_views import OptOutsView, view_opt_outs
from tre.data.service.retiring import retire_superseded
from tre.data.service.signing import accept_version, refuse_version, sign_version
from tre.data.service.snapshots import Mountable, card, mountable, order, order_removal, snapshot_state
from tre.data.service.twins import ReadyTwin, datasets_with_twin, order_twin, ready_twins
from tre.data.service.version_views import (
    LoadsView,
    VersionView,
    list_loads,
    list_versions,
    sign_offs_due,
    view_version,
)

__all__ = [
    "INGEST",
    "KINDS",
    "SNAPSHOT_BUILD",
    "SNAPSHOT_REMOVE",
    "TWIN_BUILD",
    "DatasetView",
    "Exemption",
    "ListOrder",
    "LoadsView",
    "Mountable",
    "OptOutsView",
    "Origin",
    "Outdated",
    "ReadyTwin",
    "VersionView",
    "accept_version",
    "assessment",
    "card",
    "datasets",
    "datasets_with_twin",
    "exempt_project",
    "exemptions_of",
    "honour_list",
    "list_loads",
    "list_versions",
    "mountable",
    "opted_out",
    "order",
    "order_assessment",
    "order_list",
    "order_load",
    "order_refreshes",
    "order_removal",
    "order_twin",
    "overdue_refreshes",
    "public_catalogue",
    "public_dataset",
    "public_table",
    "ready_twins",
    "refuse_version",
    "retire_superseded",
    "sign_offs_due",
    "sign_version",
    "snapshot_state",
    "view_datasets",
    "view_opt_outs",
    "view_version",
]
