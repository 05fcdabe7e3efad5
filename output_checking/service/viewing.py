"""Looking at requests and files; every look is recorded."""

from output_checking.presenters import Content, RequestView
from output_checking.service.cases import Case, act_on_case, block_if_altered, lock_case
from output_checking.service.desk import OutputsDesk
from output_checking.service.presenting import file_view, present
from output_checking.tables import FileRow, FileViewRow
from tre.kernel.authz import Action
from tre.kernel.errors import NotFound
from tre.plumbing.unit_of_work import Context, Unit


def view_request(ctx: Context, desk: OutputsDesk, request_id: str) -> RequestView:
    """Return a request as the person may see it; if a file was altered it is blocked by this look.

    Raises:
        NotFound: there is no such request.
        NotPermitted: neither a member of the project nor an output checker.
    """
    with ctx.begin() as unit:
        case = lock_case(unit, desk, request_id)
        unit.check(Action.OUTPUTS_REQUEST_VIEW, case.facts)
        block_if_altered(unit, case)
        unit.record("outputs.request.viewed", subject=request_id, project=case.row.project_id)
        return present(unit, desk, case)


def view_file(ctx: Context, desk: OutputsDesk, request_id: str, file_id: str) -> Content:
    """Return a file as it was submitted, hashed as it was read, and record that it was looked at.

    Raises:
        NotFound: no such request or file.
        NotPermitted: neither a checker from outside the project nor, once it is released, a member who may download it.
        Altered: the file is not what was submitted; the request is blocked.
    """

    def look(unit: Unit, case: Case) -> Content:
        file = _asked_for(unit, case, file_id)
        body = desk.shelf.read(file.sha256)
        _mark_opened(unit, file)
        detail = {"file": file.id, "sha256": file.sha256}
        unit.record("outputs.file.viewed", subject=request_id, project=case.row.project_id, detail=detail)
        return Content(file=file_view(file, is_opened=True), body=body)

    return act_on_case(ctx, desk, request_id, look)


def _asked_for(unit: Unit, case: Case, file_id: str) -> FileRow:
    try:
        file = case.file(file_id)
    except NotFound:
        unit.check(Action.OUTPUTS_FILE_VIEW, case.facts)  # whether there is such a file is not told to everybody either
        raise
    unit.check(Action.OUTPUTS_FILE_VIEW, case.facts_about(file))
    return file


def _mark_opened(unit: Unit, file: FileRow) -> None:
    key = (file.id, unit.actor.person_id)
    if unit.session.get(FileViewRow, key) is None:
        unit.session.add(FileViewRow(file_id=file.id, person_id=unit.actor.person_id, first_at=unit.now))
