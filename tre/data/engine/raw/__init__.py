"""Raw files as they come: found, checked byte by byte before the engine sees them, and read as text columns.

No sentence of this package repeats what a file holds, but for the names of columns that the contract names.
"""

from tre.data.engine.raw.faults import refuse, unreadable
from tre.data.engine.raw.files import ENDINGS, all_raw, find_raw, is_parquet
from tre.data.engine.raw.folder import RawFile, RawFolder
from tre.data.engine.raw.reading import heading_of, lacking, no_rows, relation, row_count, sources

__all__ = [
    "ENDINGS",
    "RawFile",
    "RawFolder",
    "all_raw",
    "find_raw",
    "heading_of",
    "is_parquet",
    "lacking",
    "no_rows",
    "refuse",
    "relation",
    "row_count",
    "sources",
    "unreadable",
]
