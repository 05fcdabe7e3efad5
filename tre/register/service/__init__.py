"""What the public can read, one named function each."""

from tre.register.service.desk import RegisterDesk
from tre.register.service.exporting import as_atom, as_csv, as_fields, as_json
from tre.register.service.publishing import list_entries, view_entry

__all__ = ["RegisterDesk", "as_atom", "as_csv", "as_fields", "as_json", "list_entries", "view_entry"]
