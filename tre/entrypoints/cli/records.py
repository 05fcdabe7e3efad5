"""Owns the commands on the record. Must never change it."""

import argparse

from sqlalchemy.exc import OperationalError

from tre.audit import service
from tre.kernel.errors import Unavailable
from tre.plumbing.config import Config
from tre.plumbing.db import make_engine, make_sessions


def verify(_given: argparse.Namespace) -> int:
    """Check the whole chain; print how many rows hold, or the first that does not; return 0 or 2.

    Raises:
        Unavailable: there are no records here, or they cannot be read.
    """
    config = Config()
    engine = make_engine(config.database)
    try:
        verdict = service.verify(make_sessions(engine))
    except OperationalError as error:
        told = f"No records can be read in {config.state}: start the TRE there first, or set TRE_STATE to where it keeps them."
        raise Unavailable(told, code="audit.record.not_there") from error
    finally:
        engine.dispose()
    print(verdict.sentence)
    return 0 if verdict.ok else 2
