"""A whole request to each guarded route of the portal: by somebody who may do it, about things that are there."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.factories.certificates import PDF
from tests.house.portal import Visitor
from tre.data.domain.opt_outs import NATIONAL
from tre.people.service.terms import current_terms

DATES = {"completed_on": "2026-01-05", "expires_on": "2029-01-05"}
TYPED_DATES = {f"{name}-{part}": value for name, day in DATES.items()
               for part, value in zip(("year", "month", "day"), day.split("-"), strict=True)}  # fmt: skip
COURSE = {"course": "Safe researcher", "issuer": "Institute"}
CERTIFICATE = {"certificate": ("c.pdf", PDF, "application/pdf")}
DECISION = {"version": 1, "role": "admin", "answer": "yes", "reason": "It fits."}
VIEW = {"version": 1, "view": "changes", "comment": "Merge the bands."}
PAGE: dict[str, Any] = {"organisation": "University of Somewhere", "add": ""}
REASON = {"version": 1, "reason": "An inspection."}


@dataclass(frozen=True)
class Ask:
    """How a route is asked.

    Args:
        by: the person id of somebody who may.
        fields: what is typed into the form, or the JSON of a route of the API.
        state: of the project that it is about: draft (complete), submitted or approved.
    """

    by: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    state: str = "approved"


VERSION: dict[str, Any] = {"version": 1}  # `send` puts the true one in its place
AMINA, CARA, FARAH, GWEN = Ask("amina"), Ask("cara"), Ask("farah"), Ask("gwen")
EXEMPTION = {"from_list": NATIONAL, "dataset": "hospital", "reason": "Assessment 12."}
DRAFT = Ask("amina", VERSION, state="draft")
ASKS: Mapping[str, Ask] = {
    "DELETE /api/v1/people/{person_id}/roles/{role}": FARAH,
    "DELETE /api/v1/practice/workspace": AMINA,
    "DELETE /api/v1/projects/{project_id}/workspace": AMINA,
    "DELETE /api/v1/workspaces/{session_id}": FARAH,
    "GET /api/v1/audit": FARAH,
    "GET /api/v1/decisions": FARAH,
    "GET /api/v1/me": AMINA,
    "GET /api/v1/people": FARAH,
    "GET /api/v1/people/{person_id}": FARAH,
    "GET /api/v1/practice/workspace": AMINA,
    "GET /api/v1/projects": AMINA,
    "GET /api/v1/projects/{project_id}": AMINA,
    "GET /api/v1/projects/{project_id}/workspace": AMINA,
    "GET /api/v1/release-requests": AMINA,
    "GET /api/v1/release-requests/queue": CARA,
    "GET /api/v1/release-requests/{request_id}": CARA,
    "GET /api/v1/release-requests/{request_id}/files/{file_id}": CARA,
    "GET /api/v1/release-requests/{released_id}/manifest": AMINA,
    "GET /api/v1/release-requests/{released_id}/release": AMINA,
    "GET /api/v1/release-requests/{released_id}/release/{released_file_id}": AMINA,
    "GET /api/v1/workspaces": FARAH,
    "GET /audit": FARAH,
    "GET /checking": CARA,
    "GET /checking/{request_id}": CARA,
    "GET /decisions": FARAH,
    "GET /decisions/{project_id}": FARAH,
    "GET /opt-outs": GWEN,
    "GET /outputs": AMINA,
    "GET /outputs/{request_id}": AMINA,
    "GET /outputs/{released_id}/files/{released_file_id}": AMINA,
    "GET /outputs/{request_id}/files/{picture_id}/picture": CARA,
    "GET /outputs/{released_id}/manifest.json": AMINA,
    "GET /outputs/{released_id}/release.zip": AMINA,
    "GET /outputs/{released_id}/released/{released_file_id}": AMINA,
    "GET /people": FARAH,
    "GET /people/{person_id}": FARAH,
    "GET /people/{person_id}/training/{training_id}/certificate": AMINA,
    "GET /practice/workspace": AMINA,
    "GET /projects": AMINA,
    "GET /projects/new": AMINA,
    "GET /projects/{project_id}": AMINA,
    "GET /projects/{project_id}/application": DRAFT,
    "GET /projects/{project_id}/application/check": DRAFT,
    "GET /projects/{project_id}/application/data": DRAFT,
    "GET /projects/{project_id}/application/{page}": DRAFT,
    "GET /projects/{project_id}/assessment": Ask("gwen", state="submitted"),
    "GET /projects/{project_id}/close": FARAH,
    "GET /projects/{project_id}/resume": FARAH,
    "GET /projects/{project_id}/snapshot": AMINA,
    "GET /projects/{project_id}/suspend": FARAH,
    "GET /projects/{project_id}/workspace": AMINA,
    "GET /standing": AMINA,
    "GET /standing/terms": AMINA,
    "GET /standing/training": AMINA,
    "GET /watch": FARAH,
    "POST /api/v1/audit/verify": FARAH,
    "POST /api/v1/people/{person_id}/reinstate": Ask("farah", {"reason": "Back from leave."}),
    "POST /api/v1/people/{person_id}/roles": Ask("farah", {"role": "output_checker"}),
    "POST /api/v1/people/{person_id}/stop": Ask("farah", {"reason": "On leave."}),
    "POST /api/v1/practice/workspace": Ask("amina", {"dataset": "nhanes"}),
    "POST /api/v1/projects": AMINA,
    "POST /api/v1/projects/{project_id}/close": Ask("farah", REASON),
    "POST /api/v1/projects/{project_id}/decide": Ask("farah", DECISION, state="submitted"),
    "POST /api/v1/projects/{project_id}/resume": Ask("farah", REASON),
    "POST /api/v1/projects/{project_id}/submit": DRAFT,
    "POST /api/v1/projects/{project_id}/suspend": Ask("farah", REASON),
    "POST /api/v1/projects/{project_id}/workspace": AMINA,
    "POST /api/v1/release-requests/{request_id}/votes": Ask("cara", VIEW),
    "POST /api/v1/release-requests/{request_id}/withdraw": Ask("amina", VERSION),
    "POST /api/v1/standing/terms": Ask("amina", {"version": current_terms().version, "agreed": True}),
    "POST /api/v1/standing/training": Ask("amina", COURSE | DATES),
    "POST /audit/verify": FARAH,
    "POST /checking/{request_id}/vote": Ask("cara", VIEW),
    "POST /opt-outs/exemptions": Ask("gwen", EXEMPTION),
    "POST /opt-outs/exemptions/{exemption_id}/end": GWEN,
    "POST /opt-outs/lists": Ask("gwen", {"list": NATIONAL, "namespace": "nhs-number", "file": "list.csv"}),
    "POST /outputs/{request_id}/withdraw": Ask("amina", VERSION),
    "POST /people/{person_id}/reinstate": Ask("farah", {"reason": "Back from leave."}),
    "POST /people/{person_id}/roles": Ask("farah", {"role": "output_checker"}),
    "POST /people/{person_id}/roles/withdraw": Ask("farah", {"role": "researcher"}),
    "POST /people/{person_id}/stop": Ask("farah", {"reason": "On leave."}),
    "POST /practice/workspace": Ask("amina", {"dataset": "nhanes"}),
    "POST /practice/workspace/stop": AMINA,
    "POST /projects/columns": Ask("amina", {"columns": "nhanes/respondents/RIAGENDR"}),
    "POST /projects/new": AMINA,
    "POST /projects/{project_id}/application/data": DRAFT,
    "POST /projects/{project_id}/application/{page}": Ask("amina", VERSION | PAGE, state="draft"),
    "POST /projects/{project_id}/assessment": Ask("gwen", state="submitted"),
    "POST /projects/{project_id}/close": Ask("farah", REASON),
    "POST /projects/{project_id}/decide": Ask("farah", DECISION, state="submitted"),
    "POST /projects/{project_id}/resume": Ask("farah", REASON),
    "POST /projects/{project_id}/snapshot": Ask("farah", VERSION),
    "POST /projects/{project_id}/submit": DRAFT,
    "POST /projects/{project_id}/suspend": Ask("farah", REASON),
    "POST /projects/{project_id}/workspace": AMINA,
    "POST /projects/{project_id}/workspace/stop": AMINA,
    "POST /standing/terms": Ask("amina", {"terms_version": current_terms().version, "agreed": "yes"}),
    "POST /standing/training": Ask("amina", COURSE | TYPED_DATES),
    "GET /versions": GWEN,
    "GET /versions/orders": GWEN,
    "GET /versions/{dataset_id}/{version}": GWEN,
    "POST /versions/orders": Ask("gwen", {"dataset": "hospital"}),
    "POST /versions/{dataset_id}/{version}/accept": FARAH,
    "POST /versions/{dataset_id}/{version}/refuse": Ask("farah", {"reason": "The counts are too low."}),
    "POST /versions/{dataset_id}/{version}/sign": GWEN,
    "POST /watch/{session_id}/stop": FARAH,
    "PUT /api/v1/projects/{project_id}/application/{page}": Ask("amina", VERSION | {"fields": PAGE}, state="draft"),
}


def name_in_app(route: str) -> str:
    """Return a key of `ASKS` as the application spells that route."""
    for ours, theirs in (("released_file_id", "file_id"), ("released_id", "request_id"), ("picture_id", "file_id")):
        route = route.replace("{" + ours + "}", "{" + theirs + "}")
    return route


def address_of(route: str, filled: Mapping[str, str]) -> tuple[str, str]:
    """Return the method and the address of a route with its parameters filled in."""
    method, _, path = route.partition(" ")
    return method, path.format_map(filled)


def fill_in(route: str, fields: Mapping[str, Any], *, filled: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the fields with the true version in the place of 1, and the project where an exemption names none."""
    if fields is EXEMPTION:
        return {**fields, "project": filled["project_id"]}
    if fields.get("version") != 1:
        return fields
    return {**fields, "version": int(filled["request_version" if "{request_id}" in route else "project_version"])}


def is_json(route: str) -> bool:
    """Say whether a route takes JSON; else it takes a form."""
    return " /api/" in route and not route.endswith("/training")


def send(visitor: Visitor, route: str, fields: Mapping[str, Any], *, filled: Mapping[str, str]) -> Any:
    """Send a request to `route`, with `filled` in the place of its parameters."""
    method, address = address_of(route, filled)
    if method == "GET":
        return visitor.get(address)
    given = fill_in(route, fields, filled=filled)
    files = CERTIFICATE if address.endswith("/training") else None
    if " /api/" not in route:
        return visitor.post(address, dict(given), files=files)
    if not visitor.token:
        visitor.get("/health")
    headers = {"x-csrf-token": visitor.token}
    if is_json(route):
        # a lone surrogate and infinity are no JSON, and yet what a client may send
        body = json.dumps(given).encode() if given else b""
        return visitor.client.request(
            method, address, content=body, headers=headers | {"content-type": "application/json"}
        )
    return visitor.client.request(method, address, data=given, files=files, headers=headers)
