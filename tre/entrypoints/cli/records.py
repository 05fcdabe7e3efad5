"""Owns the commands on the record. Must never change it."""

import argparse

from tre.audit import service
from tre.plumbing.config import Config
from tre.plumbing.db import make_engine, make_sessions


def verify(_given: argparse.Namespace) -> int:
    """Check the whole chain; print how many rows hold, or the first that does not; return 0 or 2."""
    engine = make_engine(Config().database)
    verdict = service.verify(make_sessions(engine))
    print(verdict.sentence)
    return 0 if verdict.ok else 2
