"""The operator's page names every setting and every part: what nobody can look up is as good as not there."""

from pathlib import Path

from infra.setup.paths import CHECKOUT
from tre.entrypoints.supervise.parts import list_parts
from tre.entrypoints.supervise.programs import find_programs
from tre.plumbing.config import Config

PAGE = (CHECKOUT / "docs/operator.md").read_text()
NOT_FOR_OPERATORS = {"host", "web"}  # one value only; made by set-up


def test_every_setting_is_told() -> None:
    settings = {f"TRE_{name.upper()}" for name in Config.model_fields if name not in NOT_FOR_OPERATORS}
    assert {one for one in settings if f"`{one}`" not in PAGE} == set()


def test_every_part_is_told_with_its_log(tmp_path: Path) -> None:
    parts = list_parts(Config(state=tmp_path), find_programs({}))
    assert {one.name for one in parts if f"`{one.name}.log`" not in PAGE} == set()
