"""Owns the comparison of migrations and tables: `python -m tre.migrations.compare`, and `--write` to make the first revision anew.

Until the first release there is one revision, made anew whenever a table changes; afterwards each change is a new file.
Must never touch an installation's database: it works on one of its own in a temporary folder.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command

from tre.migrations.running import FOLDER, alembic_config, differences, upgrade
from tre.plumbing.db import make_engine

FIRST = "0001"


def main() -> int:
    """Print the differences; return 0 when there are none."""
    if "--write" in sys.argv[1:]:
        write_first_revision()
    found = compare()
    for one in found:
        print(one)  # noqa: T201 - this is what it is called for
    return 1 if found else 0


def compare() -> list[str]:
    """Return how a newly migrated SQLite database differs from the tables declared."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/compare.sqlite"
        upgrade(url)
        return differences(url)


def write_first_revision() -> None:
    """Write the one revision anew from the tables declared."""
    for old in (FOLDER / "versions").glob("*.py"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/empty.sqlite")
        with engine.begin() as connection:
            command.revision(alembic_config(connection), message="First tables", autogenerate=True, rev_id=FIRST)
        engine.dispose()
    subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--quiet", str(FOLDER / "versions")], check=True, cwd=Path.cwd()
    )


if __name__ == "__main__":
    sys.exit(main())
