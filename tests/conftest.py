"""Owns which fixtures every test can ask for: each module of tests/fixtures. Must never hold a fixture itself."""

from pathlib import Path

pytest_plugins = [
    f"tests.fixtures.{path.stem}"
    for path in sorted((Path(__file__).parent / "fixtures").glob("*.py"))
    if not path.stem.startswith("_")
]
