"""Measuring raw files to draft a contract: counts of forms, never a value that few rows share."""

from tre.data.engine.inferring.measure import measure_file

__all__ = ["measure_file"]
