"""Owns the families of things that can go wrong. Services raise these; only the doors turn them into HTTP or exit codes.

Every error carries a reason code for machines and a sentence that tells the person what to do.
"""

from collections.abc import Mapping, Sequence


class TreError(Exception):
    """Root of the families.

    Args:
        sentence: what happened and what to do, in plain English.
        code: reason code, dotted lower case.
    """

    default_code = "tre.error"

    def __init__(self, sentence: str, *, code: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code or self.default_code


class NotFound(TreError):
    """There is no such thing, or its very existence is private."""

    default_code = "tre.not_found"


class NotSignedIn(TreError):
    """Nobody is signed in and the act needs a person."""

    default_code = "people.not_signed_in"


class NotPermitted(TreError):
    """The policy said no.

    Args:
        reasons: reason codes from the policy, at least one.
        sentences: the same reasons as sentences, in the same order.
    """

    default_code = "tre.not_permitted"

    def __init__(self, reasons: Sequence[str], *, sentences: Sequence[str] = ()) -> None:
        self.reasons = tuple(reasons) or (self.default_code,)
        self.sentences = tuple(sentences) or self.reasons
        super().__init__(" ".join(self.sentences), code=self.reasons[0])


class IllegalMove(TreError):
    """The state table has no such move from here."""

    default_code = "tre.illegal_move"


class Conflict(TreError):
    """Somebody was there before: a second vote, a stale form, a duplicate."""

    default_code = "tre.conflict"


class Invalid(TreError):
    """What was handed in cannot be accepted.

    Args:
        fields: field name to the sentence to be shown beside that field.
    """

    default_code = "tre.invalid"

    def __init__(self, fields: Mapping[str, str], *, code: str = "") -> None:
        self.fields = dict(fields)
        super().__init__(" ".join(self.fields.values()), code=code)


class TooLarge(TreError):
    """More bytes, rows or files than are accepted."""

    default_code = "tre.too_large"


class Altered(TreError):
    """Stored bytes or records are not what they were: stop, and keep the evidence."""

    default_code = "tre.altered"


class Unavailable(TreError):
    """A part that must answer did not: nothing is permitted and nothing was written; try again."""

    default_code = "tre.unavailable"
