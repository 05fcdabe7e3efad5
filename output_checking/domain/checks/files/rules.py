"""Owns what is told of each rule beside its findings: its name and where it comes from. Must never find anything itself."""

from dataclasses import dataclass

from output_checking.domain.checks.files import file_kinds, identifiers, pictures, small_counts

BLOCKS = "blocks release"
WARNS = "warning: an approval needs a reason"


@dataclass(frozen=True)
class Rule:
    """A rule's name, what a finding of it means for the release, and its source: for checkers and researchers."""

    name: str
    source: str
    effect: str = BLOCKS


_HANDBOOK = (
    "SDC Handbook (Welpton 2019), frequency tables; ACRO's default threshold; set by the installation's risk appetite"
)
_ALLOWED = "A file is checked by people who see all of it (SATRE 3.3); allow-list after OpenSAFELY"
_PERSON = "Safe outputs: no row of one person (SDC Handbook)"
_PNG = "PNG (ISO/IEC 15948) and JPEG (ITU-T T.81): viewers pass over what they do not draw"

RULES = {
    small_counts.UNDER: Rule("Small count", _HANDBOOK, WARNS),
    small_counts.ZERO: Rule("Count of zero", "ACRO `zeros_are_disclosive`; UK LLC guidebook", WARNS),
    file_kinds.KIND: Rule("Kind that cannot be checked", _ALLOWED),
    file_kinds.UNREADABLE: Rule("Table that cannot be read", "RFC 4180"),
    file_kinds.ROWS: Rule("Too many rows", "OpenSAFELY's bound of 5,000 rows for a released table"),
    file_kinds.COLUMNS: Rule("Too many columns", _ALLOWED),
    file_kinds.LENGTH: Rule("Too long a text", _ALLOWED),
    file_kinds.RAGGED: Rule("Uneven rows", "RFC 4180: each row has the same number of cells", WARNS),
    file_kinds.HIDDEN: Rule("Hidden characters", "Unicode Technical Report 36; Trojan Source (CVE-2021-42574)"),
    identifiers.NHS_NUMBER: Rule("NHS number", "NHS Data Dictionary, NHS NUMBER: modulus 11"),
    identifiers.PSEUDONYM: Rule("Project pseudonym", _PERSON),
    identifiers.BIRTH_DATE: Rule("Date of birth", _PERSON),
    identifiers.POSTCODE: Rule("Full postcode", "BS 7666: a full postcode is about 15 addresses", WARNS),
    pictures.BROKEN: Rule("Picture not whole", _PNG),
    pictures.BEHIND: Rule("Data behind the picture's end", _PNG),
    pictures.CARRIED: Rule("Data carried in the picture", _PNG),
    pictures.TEXT: Rule("Text carried in the picture", _PNG, WARNS),
    pictures.SIZE: Rule("Picture too large to look at", _ALLOWED),
}
