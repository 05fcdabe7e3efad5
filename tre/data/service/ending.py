"""Owns the end of a job inside the transaction of its effect. Must never end a job that is in other hands."""

from tre.kernel.errors import Conflict
from tre.plumbing import jobs
from tre.plumbing.unit_of_work import Unit


def end_job(unit: Unit, held: jobs.Claim, *, why: str = "") -> None:
    """Mark the job done; or failed for good with `why`, for a fault that trying again would not mend.

    Raises:
        Conflict: the lease ran out and another took it: nothing of this transaction may stay.
    """
    if not jobs.finish(unit.session, held, now=unit.now):
        raise Conflict("Another broker has taken this job over: it will be finished there.", code="data.job.taken_over")
    if why:
        row = unit.session.get_one(jobs.JobRow, held.job_id)
        row.state, row.note = "failed", why
