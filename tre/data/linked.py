"""Owns the catalogue as linked data: W3C DCAT 3 with schema.org's variables, in JSON-LD. Must never say more than the pages.

Sources: https://www.w3.org/TR/vocab-dcat-3/, https://schema.org/variableMeasured, https://github.com/EBISPOT/DUO.
"""

from collections.abc import Sequence
from typing import Any

from tre.data.domain.catalogue import ColumnEntry, DatasetEntry, TableEntry

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "schema": "https://schema.org/",
    "DUO": "http://purl.obolibrary.org/obo/DUO_",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def as_linked_data(entries: Sequence[DatasetEntry], *, origin: str) -> dict[str, Any]:
    """Return the catalogue; `origin` is the portal's, in front of every address."""
    return {
        "@context": CONTEXT,
        "@id": f"{origin}/data",
        "@type": "dcat:Catalog",
        "dct:title": "Data that projects can apply for",
        "dct:description": "Counts are rounded; no value of the data is shown.",
        "dcat:dataset": [_dataset(one, origin) for one in entries],
    }


def _dataset(one: DatasetEntry, origin: str) -> dict[str, Any]:
    here = f"{origin}/data/{one.dataset_id}"
    covered = {"dcat:startDate": one.coverage.start, "dcat:endDate": one.coverage.until}
    period = {key: {"@value": day.isoformat(), "@type": "xsd:date"} for key, day in covered.items() if day}
    return {
        "@id": here,
        "@type": "dcat:Dataset",
        "dct:identifier": one.dataset_id,
        "dct:title": one.title,
        "dct:description": one.summary,
        "dct:provenance": one.source,
        "dct:accessRights": "By application of a project; worked on inside this environment, nothing leaves unchecked.",
        "dcat:contactPoint": {"@type": "foaf:Agent", "foaf:name": one.custodian},
        "dcat:version": one.version,
        "dct:modified": {"@value": one.loaded_at.isoformat(), "@type": "xsd:dateTime"},
        "dcat:landingPage": {"@id": here},
        "odrl:hasPolicy": [{"@id": use.code, "dct:description": use.words} for use in one.uses],
        **({"dct:temporal": {"@type": "dct:PeriodOfTime", **period}} if period else {}),
        **({"dct:spatial": list(one.coverage.places)} if one.coverage.places else {}),
        "dct:hasPart": [_table(table, here) for table in one.tables],
    }


def _table(table: TableEntry, dataset: str) -> dict[str, Any]:
    return {
        "@id": f"{dataset}/{table.name}",
        "@type": "schema:Dataset",
        "schema:name": table.name,
        "schema:description": table.meaning,
        "schema:size": f"{table.rows} rows",
        "schema:variableMeasured": [_column(one) for one in table.columns],
    }


def _column(one: ColumnEntry) -> dict[str, Any]:
    told = {
        "schema:unitText": one.unit,
        "schema:measurementTechnique": one.treatment,
        "schema:inDefinedTermSet": one.coding,
    }
    return {
        "@type": "schema:PropertyValue",
        "schema:name": one.name,
        "schema:description": one.meaning,
        "schema:valueReference": one.type,
        **{key: value for key, value in told.items() if value},
    }
