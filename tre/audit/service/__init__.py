"""What can be done with the record: search it, prove it."""

from tre.audit.service.searching import Criteria, Entry, search_record
from tre.audit.service.verifying import verify, verify_record

__all__ = ["Criteria", "Entry", "search_record", "verify", "verify_record"]
