"""Owns the facts that decisions are made on, one frozen dataclass per kind of thing: the input of the Rego rules.

The field names here are the field names in Rego (`input.facts.…`). Must never hold a direct identifier of a patient, nor
anything that no rule reads. Dates are ISO text, because Rego compares text.
"""

from dataclasses import dataclass, field

from tre.kernel.authz import Facts


@dataclass(frozen=True, kw_only=True)
class NoFacts(Facts):
    """The act is about nothing in particular (a list, a page)."""


@dataclass(frozen=True, kw_only=True)
class PersonFacts(Facts):
    """About a person: `person_id`; `role` where a role is granted."""

    person_id: str
    role: str = ""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What a researcher must have in order.

    Args:
        training_expires_on: ISO date of the latest end among recorded training; empty where none.
        terms_signed: version of the terms signed, empty where none.
        terms_current: version of the terms in force.
        is_active: False once the person was stopped.
    """

    training_expires_on: str = ""
    terms_signed: str = ""
    terms_current: str = ""
    is_active: bool = True


@dataclass(frozen=True, kw_only=True)
class ProjectFacts(Facts):
    """About a project.

    Args:
        state: draft, submitted, approved, suspended, refused, closed.
        lead_id: who applied.
        members: person ids with access, the lead among them.
        custodians: person ids of the custodians of the datasets asked for.
        ends_on: ISO date after which access lapses.
        decided: (role, person id) of each yes so far, as `role:person`.
        decision_as: the role in which the actor decides, where this is a decision.
        is_yes: True where the decision is a yes.
        is_assessed: True when the broker's report on what is asked for is there.
        is_complete: True when every required field of the application is filled in.
        standing: of the actor, where the rule needs it.
    """

    project_id: str = ""
    state: str = "draft"
    lead_id: str = ""
    members: tuple[str, ...] = ()
    custodians: tuple[str, ...] = ()
    ends_on: str = ""
    decided: tuple[str, ...] = ()
    decision_as: str = ""
    is_yes: bool = False
    is_assessed: bool = False
    is_complete: bool = False
    standing: Standing = field(default_factory=Standing)


@dataclass(frozen=True, kw_only=True)
class DatasetFacts(Facts):
    """About a dataset: `custodian_id` decides on it."""

    dataset_id: str
    custodian_id: str


@dataclass(frozen=True, kw_only=True)
class VersionFacts(Facts):
    """About a loaded version of a dataset.

    Args:
        custodian_id: the dataset's custodian.
        loaded_by: who ordered the load: a person, or a process of ours.
        signed_by: person ids who have signed this load of it.
        state: loaded, signed, in_use, refused, superseded.
    """

    dataset_id: str = ""
    custodian_id: str = ""
    loaded_by: str = ""
    signed_by: tuple[str, ...] = ()
    state: str = "loaded"


@dataclass(frozen=True, kw_only=True)
class PersonListFacts(Facts):
    """About a list of persons (opt-outs, refusals, consents): `custodians` of the datasets that it is for."""

    custodians: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ExemptionFacts(Facts):
    """About a project's exemption from a list of persons, for one dataset.

    Args:
        custodian_id: of the dataset.
        members: person ids of the project's members.
        may_be_exempted: whether the list allows it under the project's legal basis.
        is_reasoned: True when a reason is given.
    """

    project_id: str
    custodian_id: str
    members: tuple[str, ...]
    may_be_exempted: bool
    is_reasoned: bool


@dataclass(frozen=True, kw_only=True)
class AssessmentFacts(Facts):
    """About the broker's report on what an application asks for: `custodians` of the datasets asked for."""

    project_id: str
    project_state: str
    custodians: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SnapshotFacts(Facts):
    """About a project's snapshot: `state` requested, building, ready, failed, removed; custodians of the data in it."""

    project_id: str
    project_state: str
    state: str = ""
    custodians: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReidentificationFacts(Facts):
    """About a request to tell who is behind one pseudonym.

    Args:
        members: person ids of the project's members.
        asked_by, approved_by: person ids; empty until somebody did.
        asked_lately: how many were asked in the last day (answered, where the broker is about to), for this project or
            by this person, whichever is more; this one not counted.
        most_a_day: how many there may be.
    """

    project_id: str = ""
    members: tuple[str, ...] = ()
    asked_by: str = ""
    approved_by: str = ""
    asked_lately: int = 0
    most_a_day: int = 0


@dataclass(frozen=True, kw_only=True)
class BridgeFacts(Facts):
    """About a bridge: a table of one project's pseudonyms beside another's.

    Args:
        source_id, source_state: the project whose pseudonyms are told.
        target_id, target_state: the project that is told them.
        members: person ids of the members of both.
        custodians: person ids of the custodians of both projects' datasets.
        asked_by: who asked for it.
        agreed: each yes so far, as `role:person`.
        agree_as: the role in which the actor says yes, where they do.
        ends_on: ISO date of the last day on which it holds.
    """

    source_id: str = ""
    source_state: str = ""
    target_id: str = ""
    target_state: str = ""
    members: tuple[str, ...] = ()
    custodians: tuple[str, ...] = ()
    asked_by: str = ""
    agreed: tuple[str, ...] = ()
    agree_as: str = ""
    ends_on: str = ""


@dataclass(frozen=True, kw_only=True)
class WorkspaceFacts(Facts):
    """About one person's workspace in one project: the standing and the snapshot are looked at anew at every start.

    For practice on made-up data the project's id is `practice`, and there is no state, member or end.
    """

    project_id: str
    project_state: str
    members: tuple[str, ...]
    ends_on: str
    person_id: str
    snapshot_state: str
    standing: Standing


@dataclass(frozen=True, kw_only=True)
class RequestFacts(Facts):
    """About a release request.

    Args:
        state: submitted, in_review, returned, approved, released, refused, withdrawn, blocked.
        members: person ids of the project's members.
        voted: person ids who have voted on it in this round.
        is_intact: True when every file on the shelf still has its hash.
        release_right: person ids who may download (members with the right to it).
    """

    request_id: str = ""
    project_id: str = ""
    project_state: str = ""
    requester_id: str = ""
    state: str = "submitted"
    members: tuple[str, ...] = ()
    voted: tuple[str, ...] = ()
    is_intact: bool = True
    release_right: tuple[str, ...] = ()
