"""Owns the standard output: the answer goes there whole, in an encoding that holds it. Must never end in a traceback."""

import io
import os
import sys

from output_checking.domain.checks.refusal import CannotJudge

# JSON and HTML are UTF-8 by their own rules; text is for the terminal there is, and what it has no sign for is spelled out
_UNENCODABLE = {"text": "backslashreplace", "json": "backslashreplace", "html": "xmlcharrefreplace"}


def write(words: str, *, form: str = "text") -> None:
    """Write to the standard output. Whoever stops reading (`| head`) has read enough: that is no failure.

    Raises:
        CannotJudge: `answer.not_written` where the disk is full.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        encoding = sys.stdout.encoding if form == "text" else "utf-8"
        sys.stdout.reconfigure(encoding=encoding, errors=_UNENCODABLE[form])
    try:
        print(words, flush=True)
    except BrokenPipeError:
        _close()
    except OSError as error:
        _close()
        raise CannotJudge(f"The answer cannot be written: {error.strerror}.", code="answer.not_written") from error


def _close() -> None:
    # what is still held back is written nowhere, or Python would complain at its end and change the exit code
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
