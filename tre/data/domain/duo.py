"""Owns what each term of the GA4GH Data Use Ontology means in plain words, for the catalogue. Must never decide on a use.

Source: https://github.com/EBISPOT/DUO (CC BY 4.0); the words are ours, the code beside them is what holds.
"""

from collections.abc import Mapping

PLAIN: Mapping[str, str] = {
    "DUO:0000004": "Any use is permitted.",
    "DUO:0000042": "Any research is permitted.",
    "DUO:0000006": "Research on health, medicine or biology is permitted.",
    "DUO:0000007": "Research on a named disease is permitted, and no other.",
    "DUO:0000011": "Only research on where populations come from is permitted.",
    "DUO:0000012": "Only a named kind of research is permitted.",
    "DUO:0000015": "Work on methods alone, without a question about health, is not permitted.",
    "DUO:0000016": "Only genetic studies are permitted.",
    "DUO:0000018": "Only not-for-profit, non-commercial use is permitted.",
    "DUO:0000019": "Results must be published.",
    "DUO:0000020": "Work must be done together with those who gathered the data.",
    "DUO:0000021": "An ethics approval is needed.",
    "DUO:0000022": "Use is permitted in named places only.",
    "DUO:0000024": "Results may not be published before a named day.",
    "DUO:0000025": "Use ends after a named time.",
    "DUO:0000026": "Only named persons may use it.",
    "DUO:0000027": "Only a named project may use it.",
    "DUO:0000028": "Only named institutions may use it.",
    "DUO:0000029": "What is derived from it must be given back.",
    "DUO:0000043": "Use for clinical care is permitted.",
    "DUO:0000044": "Research on where populations come from is not permitted.",
    "DUO:0000045": "Only not-for-profit organisations may use it.",
    "DUO:0000046": "Commercial use is not permitted.",
}


def in_words(code: str, label: str) -> str:
    """Return what a term means; its label where there are no plain words for it."""
    return PLAIN.get(code) or f"{label[:1].upper()}{label[1:]}."
