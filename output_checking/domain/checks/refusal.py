"""Owns the one error of the engine: that an output cannot be judged, and why. Must never be turned into a verdict of safe.

It stands alone (the service's families of errors are not installed where the engine is), so whoever calls it from the
service says it again in those families.
"""


class CannotJudge(Exception):
    """There is no answer.

    Args:
        sentence: what is wrong and what to do, in the words of the field; never a cell of the data.
        code: reason code, dotted lower case: `source.person_missing`.
    """

    def __init__(self, sentence: str, *, code: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code
