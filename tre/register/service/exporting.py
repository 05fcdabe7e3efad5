"""Owns the register's forms to download: CSV in the order of the HDR UK template, JSON, Atom. Must never publish more than the page."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from types import MappingProxyType
from xml.etree import ElementTree  # it only writes here: nothing of others is read

from tre.kernel.authz import plain
from tre.register.domain.entry import PublicProject

SCHEMA_VERSION = 1
ATOM = "http://www.w3.org/2005/Atom"
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t")


def _tables(one: PublicProject) -> str:
    return "; ".join(
        f"{table.dataset}, {table.table}: {', '.join(name for name, _ in table.columns)}" for table in one.tables
    )


# The 31 columns of the HDR UK data use template in their order, those that are not recorded here left empty; then ours.
COLUMNS: Mapping[str, Callable[[PublicProject], object]] = MappingProxyType(
    {
        "Project ID": lambda one: one.project_id,
        "Organisation name": lambda one: one.organisation,
        "Organisation ID": lambda _: "",
        "Organisation sector": lambda _: "",
        "Applicant name(s)": lambda _: "",
        "Applicant ID": lambda _: "",
        "Funders/Sponsors": lambda _: "",
        "DEA accredited researcher?": lambda _: "",
        "Sub-licence arrangements": lambda _: "None: data is used in this environment only",
        "Project title": lambda one: one.title,
        "Lay summary": lambda one: one.lay_summary,
        "Public benefit statement": lambda one: one.public_benefit,
        "Request category type": lambda one: one.purpose,
        "Technical summary": lambda one: one.purpose_detail,
        "Other approval committees": lambda _: "",
        "Project start date": lambda one: one.approved_on,
        "Project end date": lambda one: one.ends_on,
        "Latest approval date": lambda one: one.approved_on,
        "Dataset(s) name": lambda one: "; ".join(one.datasets),
        "Data sensitivity level": lambda _: "De-identified",
        "Legal basis for provision of data under Article 6": lambda one: one.article_6,
        "Lawful conditions for provision of data under Article 9": lambda one: one.article_9,
        "Common Law Duty of Confidentiality": lambda one: one.common_law,
        "National data opt-out applied?": lambda one: " ".join(one.left_out),
        "Request frequency": lambda _: "One snapshot, renewed on approval",
        "Description of how the data will be processed: linkage": lambda _: "",
        "Description of the confidential data being used": _tables,
        "Release/access date": lambda one: one.data_ready_on,
        "Access type": lambda _: "Trusted research environment",
        "How has data been processed to enhance privacy?": lambda _: "Project pseudonyms; approved columns only",
        "Link to research outputs": lambda one: one.publication,
        "State": lambda one: one.state,
        "State since": lambda one: one.state_since,
        "Refused by": lambda one: "; ".join(one.refused_by),
        "People with access": lambda one: one.members,
        "Data version": lambda one: one.data_version,
        "Workspaces opened": lambda one: len(one.sessions),
        "Last used": lambda one: one.sessions[-1] if one.sessions else "",
        "Releases": lambda one: len(one.releases),
        "Files released": lambda one: one.files_released,
        "Days to decide": lambda one: one.days_to_decide,
    }
)


def as_csv(entries: Sequence[PublicProject]) -> str:
    """Return the register as CSV (RFC 4180), a line each project."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([_cell(value(one)) for value in COLUMNS.values()] for one in entries)
    return out.getvalue()


def as_json(entries: Sequence[PublicProject]) -> str:
    """Return the register as JSON with every published field."""
    return json.dumps({"schema_version": SCHEMA_VERSION, "projects": [as_fields(one) for one in entries]}, indent=1)


def as_fields(entry: PublicProject) -> dict[str, object]:
    """Return one entry as plain data."""
    fields: dict[str, object] = plain(asdict(entry))
    return fields


def as_atom(entries: Sequence[PublicProject], *, origin: str, title: str, updated: datetime) -> str:
    """Return the register as an Atom feed (RFC 4287), an entry each project, at its latest step.

    Args:
        origin: the portal's origin, from which the entries' addresses are made.
        updated: moment of the feed where it has no entry.
    """
    ElementTree.register_namespace("", ATOM)
    feed = ElementTree.Element(f"{{{ATOM}}}feed")
    _put(feed, "title", title)
    _put(feed, "id", f"{origin}/register")
    _put(feed, "updated", max((_latest(one) for one in entries), default=updated.isoformat()))
    ElementTree.SubElement(feed, f"{{{ATOM}}}link", rel="self", href=f"{origin}/register.xml")
    for one in entries:
        _put_entry(feed, one, origin)
    return ElementTree.tostring(feed, encoding="unicode", xml_declaration=True)


def _put_entry(feed: ElementTree.Element, one: PublicProject, origin: str) -> None:
    entry = ElementTree.SubElement(feed, f"{{{ATOM}}}entry")
    _put(entry, "title", f"{one.title}: {one.state}")
    _put(entry, "id", f"{origin}/register/{one.project_id}")
    _put(entry, "updated", _latest(one))
    author = ElementTree.SubElement(entry, f"{{{ATOM}}}author")
    _put(author, "name", one.organisation or "Not named")
    ElementTree.SubElement(entry, f"{{{ATOM}}}link", href=f"{origin}/register/{one.project_id}")
    _put(entry, "summary", one.lay_summary)


def _latest(one: PublicProject) -> str:
    day = max((step.on for step in one.history), default=one.state_since)
    return f"{max(day, one.state_since).isoformat()}T00:00:00Z"


def _put(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, f"{{{ATOM}}}{name}").text = text


def _cell(value: object) -> str:
    """Return a value as a cell that no spreadsheet takes for a formula: what stands in it was typed by people."""
    text = "" if value is None else str(plain(value))
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text
