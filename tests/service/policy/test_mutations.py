"""A question of which a field was dropped, nulled or retyped is never answered with a yes, whatever it was before.

Asked of the real server in the raw form, since the gate itself could not build such questions.
"""

import copy
import random
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from opa_client import OpaClient

from tests.fixtures.opa import Opa
from tre.kernel.actor import Actor, system_actor
from tre.kernel.authz import Action, Facts, plain
from tre.kernel.facts import (
    AssessmentFacts,
    BridgeFacts,
    DatasetFacts,
    ExemptionFacts,
    NoFacts,
    PersonFacts,
    PersonListFacts,
    ProjectFacts,
    ReidentificationFacts,
    RequestFacts,
    SnapshotFacts,
    Standing,
    VersionFacts,
    WorkspaceFacts,
)

Question = dict[str, Any]
Path = tuple[str, ...]
P = "p-aaaaaa"
DROPPED = object()
ROLES = ("researcher", "output_checker", "custodian", "admin", "lay_reviewer", "auditor")
AMINA = Actor(person_id="amina", roles=frozenset({"researcher"}), member_of=frozenset({P}))
FARAH = Actor(person_id="farah", roles=frozenset(ROLES))
BROKER = system_actor("broker")
GOOD = Standing(training_expires_on="2027-03-01", terms_signed="2", terms_current="2")
PROJECT = ProjectFacts(
    project_id=P, state="submitted", lead_id="amina", members=("amina", "esme"), custodians=("farah",), ends_on="2027-06-30",
    decided=("admin:gwen",), decision_as="custodian", is_complete=True, standing=GOOD,
)  # fmt: skip
DRAFT = ProjectFacts(project_id=P, state="draft", lead_id="amina", members=("amina",), is_complete=True, standing=GOOD)
WORKSPACE = WorkspaceFacts(
    project_id=P, project_state="approved", members=("amina", "esme"), ends_on="2027-06-30", person_id="amina",
    snapshot_state="ready", standing=GOOD,
)  # fmt: skip
REQUEST = RequestFacts(
    request_id="r-aaaaaa", project_id=P, project_state="approved", requester_id="amina", state="submitted",
    members=("amina", "esme"), voted=("dev",), release_right=("amina",),
)  # fmt: skip
RELEASED = RequestFacts(**(vars(REQUEST) | {"state": "released"}))
SNAPSHOT = SnapshotFacts(project_id=P, project_state="approved", state="ready", custodians=("farah",))
VERSION = VersionFacts(dataset_id="nhanes", custodian_id="gwen", loaded_by="gwen", signed_by=("gwen",), state="signed")
OWN = VersionFacts(dataset_id="nhanes", custodian_id="gwen", loaded_by="farah", signed_by=("gwen",))

AT_THE_BROKER = Actor(person_id="hugo", roles=frozenset({"admin", "custodian"}), proved_by="command-line")
ASKED = ReidentificationFacts(
    project_id=P, members=("amina",), asked_by="gwen", approved_by="hugo", asked_lately=1, most_a_day=5
)
BRIDGE = BridgeFacts(
    source_id=P, source_state="approved", target_id="p-bbbbbb", target_state="approved", members=("amina", "ben"),
    custodians=("hugo",), asked_by="esme", agreed=("custodian:gwen", "admin:farah"), agree_as="custodian",
    ends_on="2026-12-31",
)  # fmt: skip

EXEMPTION = ExemptionFacts(
    project_id=P, custodian_id="farah", members=("amina", "esme"), may_be_exempted=True, is_reasoned=True
)
ASSESSMENT = AssessmentFacts(project_id=P, project_state="submitted", custodians=("farah",))
PRACTICE = WorkspaceFacts(
    project_id="practice", project_state="", members=(), ends_on="", person_id="amina", snapshot_state="ready",
    standing=GOOD,
)  # fmt: skip

# For each action one who may, with facts under which they may.
ALLOWED: dict[Action, tuple[Actor, Facts]] = {
    Action.PEOPLE_PERSON_VIEW: (AMINA, PersonFacts(person_id="amina")),
    Action.PEOPLE_PERSON_LIST: (FARAH, NoFacts()),
    Action.PEOPLE_PERSON_STOP: (FARAH, PersonFacts(person_id="ben")),
    Action.PEOPLE_PERSON_REINSTATE: (FARAH, PersonFacts(person_id="ben")),
    Action.PEOPLE_ROLE_GRANT: (FARAH, PersonFacts(person_id="ben", role="researcher")),
    Action.PEOPLE_TRAINING_RECORD: (AMINA, PersonFacts(person_id="amina")),
    Action.PEOPLE_TERMS_SIGN: (AMINA, PersonFacts(person_id="amina")),
    Action.PROJECTS_PROJECT_VIEW: (AMINA, PROJECT),
    Action.PROJECTS_PROJECT_DRAFT: (AMINA, DRAFT),
    Action.PROJECTS_PROJECT_SUBMIT: (AMINA, DRAFT),
    Action.PROJECTS_PROJECT_DECIDE: (FARAH, PROJECT),
    Action.PROJECTS_PROJECT_SUSPEND: (FARAH, PROJECT),
    Action.PROJECTS_PROJECT_RESUME: (FARAH, PROJECT),
    Action.PROJECTS_PROJECT_CLOSE: (FARAH, PROJECT),
    Action.DATA_DATASET_VIEW: (AMINA, DatasetFacts(dataset_id="nhanes", custodian_id="gwen")),
    Action.DATA_DATASET_LOAD: (FARAH, DatasetFacts(dataset_id="nhanes", custodian_id="farah")),
    Action.DATA_VERSION_VIEW: (FARAH, VERSION),
    Action.DATA_VERSION_SIGN: (FARAH, OWN),
    Action.DATA_VERSION_ACCEPT: (FARAH, VERSION),
    Action.DATA_VERSION_REFUSE: (FARAH, VERSION),
    Action.DATA_SNAPSHOT_VIEW: (AMINA, SNAPSHOT),
    Action.DATA_SNAPSHOT_REQUEST: (FARAH, SNAPSHOT),
    Action.DATA_SNAPSHOT_BUILD: (BROKER, SNAPSHOT),
    Action.DATA_SNAPSHOT_RETIRE: (BROKER, SNAPSHOT),
    Action.DATA_SNAPSHOT_REMOVE: (BROKER, SNAPSHOT),
    Action.DATA_TWIN_ORDER: (FARAH, DatasetFacts(dataset_id="nhanes", custodian_id="gwen")),
    Action.DATA_TWIN_BUILD: (BROKER, DatasetFacts(dataset_id="nhanes", custodian_id="gwen")),
    Action.DATA_OPT_OUTS_VIEW: (FARAH, NoFacts()),
    Action.DATA_OPT_OUTS_LOAD: (FARAH, PersonListFacts(custodians=("farah",))),
    Action.DATA_OPT_OUTS_EXEMPT: (FARAH, EXEMPTION),
    Action.DATA_OPT_OUTS_HONOUR: (FARAH, EXEMPTION),
    Action.DATA_ASSESSMENT_ORDER: (FARAH, ASSESSMENT),
    Action.DATA_ASSESSMENT_MAKE: (BROKER, ASSESSMENT),
    Action.DATA_KEY_VIEW: (AT_THE_BROKER, NoFacts()),
    Action.DATA_KEY_ROTATE: (AT_THE_BROKER, NoFacts()),
    Action.DATA_KEY_RENEW: (BROKER, NoFacts()),
    Action.DATA_REIDENTIFICATION_VIEW: (AT_THE_BROKER, ASKED),
    Action.DATA_REIDENTIFICATION_ASK: (AT_THE_BROKER, ASKED),
    Action.DATA_REIDENTIFICATION_APPROVE: (AT_THE_BROKER, ASKED),
    Action.DATA_REIDENTIFICATION_REFUSE: (AT_THE_BROKER, ASKED),
    Action.DATA_REIDENTIFICATION_ANSWER: (BROKER, ASKED),
    Action.DATA_REIDENTIFICATION_GIVE_UP: (BROKER, ASKED),
    Action.DATA_REIDENTIFICATION_READ: (AT_THE_BROKER, ASKED),
    Action.DATA_BRIDGE_VIEW: (AT_THE_BROKER, BRIDGE),
    Action.DATA_BRIDGE_ASK: (AT_THE_BROKER, BRIDGE),
    Action.DATA_BRIDGE_AGREE: (AT_THE_BROKER, BRIDGE),
    Action.DATA_BRIDGE_REFUSE: (AT_THE_BROKER, BRIDGE),
    Action.DATA_BRIDGE_LAY: (BROKER, BRIDGE),
    Action.DATA_BRIDGE_TAKE_AWAY: (BROKER, BRIDGE),
    Action.SESSIONS_PRACTICE_OPEN: (AMINA, PRACTICE),
    Action.SESSIONS_PRACTICE_KEEP: (AMINA, PRACTICE),
    Action.SESSIONS_WORKSPACE_OPEN: (AMINA, WORKSPACE),
    Action.SESSIONS_WORKSPACE_KEEP: (AMINA, WORKSPACE),
    Action.SESSIONS_WORKSPACE_STOP: (AMINA, WORKSPACE),
    Action.SESSIONS_WORKSPACE_VIEW: (AMINA, WORKSPACE),
    Action.SESSIONS_WORKSPACE_WATCH: (FARAH, NoFacts()),
    Action.OUTPUTS_REQUEST_VIEW: (AMINA, REQUEST),
    Action.OUTPUTS_REQUEST_SUBMIT: (AMINA, REQUEST),
    Action.OUTPUTS_REQUEST_WITHDRAW: (AMINA, REQUEST),
    Action.OUTPUTS_FILE_VIEW: (AMINA, RELEASED),
    Action.OUTPUTS_REVIEW_VOTE: (FARAH, REQUEST),
    Action.OUTPUTS_RELEASE_DOWNLOAD: (AMINA, RELEASED),
    Action.AUDIT_RECORD_VIEW: (FARAH, NoFacts()),
    Action.AUDIT_RECORD_VERIFY: (FARAH, NoFacts()),
}


def question(action: Action, actor: Actor, facts: Facts) -> Question:
    who = {"person_id": actor.person_id, "roles": sorted(actor.roles), "member_of": sorted(actor.member_of)}
    return {
        "action": str(action),
        "actor": who | {"proved_by": actor.proved_by},
        "facts": plain(facts),
        "now": "2026-11-23T09:00:00+00:00",
        "today": "2026-11-23",
    }


def paths(value: Question, above: Path = ()) -> Iterator[Path]:
    for name, part in value.items():
        yield (*above, name)
        if isinstance(part, dict):
            yield from paths(part, (*above, name))


def retyped(value: object) -> list[Any]:
    """The value as each other type: what a careless rule could take for the right one."""
    others: list[Any] = [
        True,
        False,
        0,
        1,
        99999999,
        "",
        "true",
        "amina",
        "9999",
        [],
        ["amina"],
        [None],
        {},
        {"amina": "amina"},
    ]
    own = type(value)
    if own is list:
        return [one for one in others if not isinstance(one, list)] + [[7], [["amina"]], [True]]
    return [one for one in others if type(one) is not own]


def changed(value: Question, path: Path, new: object) -> Question:
    whole = copy.deepcopy(value)
    place = whole
    for name in path[:-1]:
        place = place[name]
    if new is DROPPED:
        del place[path[-1]]
    else:
        place[path[-1]] = new
    return whole


def mutations(value: Question) -> Iterator[tuple[Path, Question]]:
    for path in paths(value):
        place: Any = value
        for name in path:
            place = place[name]
        for new in [DROPPED, None, *retyped(place)]:
            yield path, changed(value, path, new)


@pytest.fixture
def ask(opa_server: Opa) -> Iterator[Any]:
    config = opa_server.config
    with closing(
        _Closing(OpaClient(host=config.host, port=config.opa_port, token=config.secret("opa_token"), retries=0))
    ) as it:
        yield lambda raw: it.client.query_rule(raw, "gate", "decision")["result"]


class _Closing:
    def __init__(self, client: OpaClient) -> None:
        self.client = client

    def close(self) -> None:
        self.client.close_connection()


def test_every_action_has_a_question_that_is_allowed(ask: Any) -> None:
    assert set(ALLOWED) == set(Action)
    refused = {str(action): ask(question(action, *asked))["reasons"] for action, asked in ALLOWED.items()}
    assert {action: reasons for action, reasons in refused.items() if reasons} == {}


@pytest.mark.parametrize("action", list(Action))
def test_no_mutation_of_an_allowed_question_is_allowed(ask: Any, action: Action) -> None:
    base = question(action, *ALLOWED[action])
    chosen = random.Random(str(action))
    every = list(mutations(base))
    keep = {path: [one for at, one in every if at == path] for path, _ in every}
    asked = [one for some in keep.values() for one in [*some[:2], *chosen.sample(some[2:], 3)]]
    assert [one for one in asked if ask(one)["allowed"] is not False] == []


def test_no_mutation_turns_a_no_into_a_yes(ask: Any) -> None:
    """Each action asked by those who may not, with every field changed in turn: a seeded choice of three thousand."""
    chosen = random.Random(23)
    denied = [
        question(action, actor, facts)
        for action, (_, facts) in ALLOWED.items()
        for actor in (Actor(person_id="ivan"), Actor(person_id="ivan", roles=frozenset(ROLES)), Actor(person_id=""))
    ]
    denied = [one for one in denied if ask(one)["allowed"] is False]
    assert len(denied) > len(Action)
    every = [one for base in denied for _, one in mutations(base)]
    turned = [one for one in chosen.sample(every, 3000) if ask(one)["allowed"] is not False]
    assert turned == []
