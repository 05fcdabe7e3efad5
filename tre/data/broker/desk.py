"""Owns what the broker works with, and which faults another try may mend. Must never do the work."""

from dataclasses import dataclass

from tre.data.engine.bucket import Bucket
from tre.data.engine.folders import Folders
from tre.data.engine.spark_session import SparkMaster
from tre.data.engine.vault import Vault
from tre.kernel.errors import Conflict, Unavailable
from tre.plumbing.unit_of_work import Context

LATER = (Unavailable, Conflict)
"""Faults that another try may mend, or that are another broker's: the job's end is not recorded as a failure."""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What the broker works with.

    Args:
        bucket: where versions are kept beyond this machine; None where the store's folder is all there is.
        spark: where snapshots are built by Apache Spark; None where DuckDB builds them.
    """

    ctx: Context
    folders: Folders
    vault: Vault
    bucket: Bucket | None = None
    spark: SparkMaster | None = None
