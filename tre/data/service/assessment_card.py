"""Owns the report on risk and linkage as the other rooms see it. Must never compute a figure: the broker does."""

from sqlalchemy.orm import Session

from tre.data.assessment_tables import AssessmentRow
from tre.data.domain.free_text import sentence_of
from tre.data.service.assessing import newest_assessment
from tre.data.service.snapshots import left_out
from tre.plumbing.jobs import JobRow
from tre.plumbing.unit_of_work import Unit
from tre.projects.ports import AssessmentCard, Bar, LinkageLine, RiskLine, TextLine


def assessment(unit: Unit, project_id: str) -> AssessmentCard:
    """Return the newest report on what a project's application asks for; the page's own room asks the gate."""
    row = unit.session.scalars(newest_assessment(project_id)).one_or_none()
    if row is None:
        return AssessmentCard()
    progress, note = _of_job(unit.session, row)
    return AssessmentCard(
        state=row.state,
        progress=progress,
        note=note,
        made_at=row.made_at,
        risk=tuple(
            RiskLine(
                table=one["table"],
                known=tuple(one["known"]),
                k=one["k"],
                groups=one["groups"],
                persons=one["persons"],
                uniques=one["uniques"],
                under_ten=one["under_ten"],
                diversity=tuple((column, fewest) for column, fewest in one["diversity"]),
                without=tuple((column, k, uniques) for column, k, uniques in one["without"]),
            )
            for one in row.risk
        ),
        linkage=tuple(
            LinkageLine(
                first=one["first"],
                second=one["second"],
                told=one["told"],
                bars=tuple(Bar(label=label, told=told, share=share) for label, told, share in one["bars"]),
                tables=tuple((dataset, table, persons, share) for dataset, table, persons, share in one["tables"]),
            )
            for one in row.linkage
        ),
        left_out=tuple(left_out(one["rule"], one["persons"]) for one in row.removed),
        texts=tuple(
            TextLine(
                table=one["table"],
                column=one["column"],
                told=sentence_of(one),
                names_known=one.get("names_known_percent"),
            )
            for one in row.free_text
        ),
    )


def _of_job(session: Session, row: AssessmentRow) -> tuple[int, str]:
    if row.state == "ready":
        return 100, ""
    job = session.get(JobRow, row.job_id)
    return (job.progress, row.note or job.note) if job else (0, row.note)
