"""The researcher's own library: the project's data, and the way results are asked to be released.

    import tre

    tre.tables()                      # what there is
    tre.describe("respondents")       # what its columns mean
    con = tre.connect()               # DuckDB, with one view for each table
    con.sql("select count(*) from respondents")
    tre.check("respondents", rows=["sex"], statistic="mean", measure="age")   # what the checkers' engine finds in it
    tre.request_release(["outputs/table.csv"], title="Mean by age", context="Table 1 of the paper")
    tre.status()                      # whose turn it is

It runs inside the workspace and speaks to the session API only. It must never hold a rule: what may be released is
decided outside, by the policy and by two output checkers.
"""

from tre.checking import Checked, check
from tre.errors import NoSuchFile, NoSuchTable, NotAccepted, NotAnswering, NotJudged, SessionEnded, WorkspaceError
from tre.release import ReleaseRequest, request_release, status
from tre.snapshot import connect, describe, tables

__all__ = [
    "Checked",
    "NoSuchFile",
    "NoSuchTable",
    "NotAccepted",
    "NotAnswering",
    "NotJudged",
    "ReleaseRequest",
    "SessionEnded",
    "WorkspaceError",
    "check",
    "connect",
    "describe",
    "request_release",
    "status",
    "tables",
]
