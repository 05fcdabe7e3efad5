"""Owns which notebooks a new workspace begins with: a welcome that lists the project's data, and the examples that fit it.

Must never put a row into one: it reads the snapshot's manifest, which holds names, meanings and counts.
"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

WELCOME = "welcome.ipynb"
_PRACTICE = """# PRACTICE: THIS DATA IS MADE UP

No row is of a real person. Tables, columns and types are those of the real data, and each column by itself has about its shape;
columns do not belong together, so **nothing you find here means anything**, and nothing can be released from here.

Write your code, keep it in a notebook or a `.py` file, and run it in your project's workspace once its data is ready.
"""
DICTIONARY = "dictionary"  # the tag of the cell in whose place the list of columns is written


def lay_out(templates: Path, snapshot: Path, folder: Path) -> None:
    """Copy the notebooks of `templates` that fit the project's data into `folder`, the welcome filled in."""
    manifest = json.loads((snapshot / "manifest.json").read_text())
    there = {table["name"]: {column["name"] for column in table["columns"]} for table in manifest["tables"]}
    for template in sorted(templates.rglob("*.ipynb")):
        target = folder / template.relative_to(templates)
        notebook = json.loads(template.read_text())
        if not _fits(notebook, there):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        if template.name == WELCOME:
            target.write_text(json.dumps(_filled(notebook, manifest), indent=1, ensure_ascii=False) + "\n")
        else:
            shutil.copyfile(template, target)


def _fits(notebook: dict[str, Any], there: dict[str, set[str]]) -> bool:
    needs: dict[str, list[str]] = notebook["metadata"].get("tre", {}).get("needs", {})
    return all(set(columns) <= there.get(table, set()) for table, columns in needs.items())


def _filled(notebook: dict[str, Any], manifest: dict[str, Any]) -> dict[str, Any]:
    cells = [_text("practice", _PRACTICE)] if manifest.get("synthetic") else []
    for cell in notebook["cells"]:
        if DICTIONARY in cell["metadata"].get("tags", []):
            cells += [
                _text(f"t{number:02d}", "\n".join(_lines(table))) for number, table in enumerate(manifest["tables"])
            ]
        else:
            cells.append(cell)
    return notebook | {"cells": cells}


def _text(cell_id: str, text: str) -> dict[str, Any]:
    lines = text.splitlines(keepends=True)
    return {"cell_type": "markdown", "id": cell_id, "metadata": {}, "source": lines}


def _lines(table: dict[str, Any]) -> Iterator[str]:
    yield f"### {table['name']}"
    yield ""
    yield f"{table['meaning']} ({table['rows']:,} rows, {table['persons']:,} persons)"
    yield ""
    yield "| Column | Meaning | Unit or coding |"
    yield "|---|---|---|"
    for column in table["columns"]:
        extra = ", ".join(filter(None, (column.get("unit"), column.get("coding"))))
        yield f"| `{column['name']}` | {_cell(column['meaning'])} | {_cell(extra)} |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
