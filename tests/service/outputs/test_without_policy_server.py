"""Where the policy server does not answer, nothing is permitted and nothing is written, on the shelf neither."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session, sessionmaker

from output_checking.service.listing import list_requests, queue
from output_checking.service.releasing import download_release
from output_checking.service.reviewing import vote
from output_checking.service.submitting import submit_request, withdraw_request
from output_checking.service.viewing import view_file, view_request
from tests.factories.outputs import uploads
from tests.fixtures.opa import Opa, free_port
from tests.fixtures.outputs import Outputs, P
from tre.kernel.errors import Unavailable
from tre.plumbing.audit_table import AuditRow
from tre.plumbing.unit_of_work import Context
from tre.policy.opa import policy_server

ACTS: dict[str, Callable[[Context, Outputs, str, str], object]] = {
    "submit": lambda ctx, all_, _r, _f: submit_request(ctx, all_.desk, project_id=P, title="A", context="B", uploads=uploads(x_csv=b"new,n\na,20\n")),
    "withdraw": lambda ctx, all_, r, _f: withdraw_request(ctx, all_.desk, r, version=1),
    "view request": lambda ctx, all_, r, _f: view_request(ctx, all_.desk, r),
    "view file": lambda ctx, all_, r, f: view_file(ctx, all_.desk, r, f),
    "vote": lambda ctx, all_, r, _f: vote(ctx, all_.desk, r, view="approve", comment="Yes.", version=1),
    "download": lambda ctx, all_, r, _f: download_release(ctx, all_.desk, r),
    "list": lambda ctx, all_, _r, _f: list_requests(ctx, all_.desk),
    "queue": lambda ctx, all_, _r, _f: queue(ctx, all_.desk),
}  # fmt: skip


@pytest.mark.parametrize("act", ACTS)
def test_nothing_is_done(outputs: Outputs, opa_server: Opa, sessions: sessionmaker[Session], act: str) -> None:
    request = outputs.submit()
    gone = policy_server(opa_server.config.model_copy(update={"opa_port": free_port()}))
    before = _all(outputs, sessions)
    ctx = outputs.cara if act in ("vote", "view file", "queue") else outputs.amina
    with pytest.raises(Unavailable):
        ACTS[act](replace(ctx, gate=gone), outputs, request.request_id, request.present.files[0].file_id)
    gone.close()
    assert _all(outputs, sessions) == before


def _all(outputs: Outputs, sessions: sessionmaker[Session]) -> tuple[int, set[str]]:
    with sessions() as session:
        records = session.query(AuditRow).count()
    return records, {str(one) for one in outputs.desk.shelf.root.rglob("*") if one.is_file()}
