"""Owns what each list of persons rests on, by the project's legal basis, each with its source. Must never decide on a project.

A list that a contract names applies whatever the basis: that is the stricter reading, because the data was confidential
when it was handed over. What depends on the basis is whether a custodian may exempt a project from it, for a recorded reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tre.data.domain.opt_outs import BY_CONSENT, CONSENTS, NATIONAL, REFUSALS, TYPE_1

POLICY = "NHS England, National data opt-out operational policy guidance"
NDG = "National Data Guardian, Review of data security, consent and opt-outs (2016)"
BASES = ("not_confidential", BY_CONSENT, "section_251", "statute")
"""Answers on the duty of confidentiality, as `projects.domain.choices.COMMON_LAW` has them."""


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What holds for one list under one legal basis.

    Args:
        may_be_exempted: whether a custodian may let a project have these persons all the same.
        says: the rule in a sentence.
        source: where it is laid down.
    """

    may_be_exempted: bool
    says: str
    source: str


_NATIONAL: Mapping[str, Ground] = {
    "section_251": Ground(
        may_be_exempted=False,
        says="The opt-out applies to confidential patient information that is used under section 251 support.",
        source=f"{POLICY}, when the opt-out applies; NHS Act 2006 section 251, SI 2002/1438 regulations 2 and 5",
    ),
    BY_CONSENT: Ground(
        may_be_exempted=True,
        says="Explicit consent to a study goes before the opt-out, for those who gave it.",
        source=f"{POLICY}, when the opt-out does not apply: explicit consent",
    ),
    "statute": Ground(
        may_be_exempted=True,
        says="The opt-out does not apply where the law requires the disclosure.",
        source=f"{POLICY}, when the opt-out does not apply: legal requirement or court order",
    ),
    "not_confidential": Ground(
        may_be_exempted=True,
        says="The opt-out does not apply to information that is anonymised as the Information Commissioner's code asks; "
        "it is applied all the same unless the custodian vouches that this snapshot is.",
        source=f"{POLICY}, when the opt-out does not apply: anonymised in line with the ICO code of practice",
    ),
}
_TYPE_1: Mapping[str, Ground] = {
    "section_251": Ground(
        may_be_exempted=False,
        says="The objection stops records of a GP practice from leaving it for purposes beyond direct care; support under "
        "section 251 is given on the condition that objections are honoured.",
        source=f"{NDG}; Health Research Authority, Confidentiality Advisory Group, standard conditions of support",
    ),
    BY_CONSENT: Ground(
        may_be_exempted=True,
        says="Explicit consent to a study goes before the objection, for those who gave it.",
        source=f"{NDG}: an objection holds unless the person consents",
    ),
    "statute": Ground(
        may_be_exempted=True,
        says="The objection does not stop a disclosure that the law requires.",
        source="Confidentiality: NHS code of practice (2003), disclosure required by law; NHS Act 2006",
    ),
    "not_confidential": Ground(
        may_be_exempted=False,
        says="The objection is to records leaving the practice at all, in whatever form researchers see them later.",
        source=f"{NDG}; NHS Digital, type 1 opt-out",
    ),
}
_REFUSAL = Ground(
    may_be_exempted=False,
    says="Whoever refused this study or withdrew from it is never in its data.",
    source="UK GDPR articles 7(3) and 21; UK policy framework for health and social care research (2017)",
)
_CONSENT = Ground(
    may_be_exempted=False,
    says="Where use rests on consent, only those who gave it and have not withdrawn it are in the data.",
    source="UK GDPR articles 6(1)(a), 7 and 9(2)(a); common law duty of confidentiality",
)


def ground_of(name: str, basis: str) -> Ground:
    """Return what holds for the list `name` under the legal basis `basis`; an unknown basis exempts from nothing."""
    if name == REFUSALS:
        return _REFUSAL
    by_basis = {NATIONAL: _NATIONAL, TYPE_1: _TYPE_1}.get(name)
    if by_basis is None:
        return _CONSENT
    return by_basis.get(basis, by_basis["section_251"])


def all_grounds() -> list[tuple[str, str, Ground]]:
    """Return every (list, basis, ground), for the page that tells the rules; an empty basis stands for any."""
    found = [(name, basis, ground_of(name, basis)) for name in (NATIONAL, TYPE_1) for basis in BASES]
    return [*found, (REFUSALS, "", _REFUSAL), (CONSENTS, "", _CONSENT)]
