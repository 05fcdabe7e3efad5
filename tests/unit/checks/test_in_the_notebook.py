"""`tre.check` as a researcher writes it in a notebook: with NumPy, tuples, and what it answered before."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from infra.setup.paths import CHECKOUT
from output_checking.domain.checks.refusal import CannotJudge
from output_checking.domain.checks.specification.reading import read_specification

MADE = "select i as person, case when i % 2 = 0 then 'F' else 'M' end as sex, i % 90 as age, i < 4 as rare from range(800) t(i)"
ASKED = """
import math, numpy as np, tre
def said(**spec):
    try: return tre.check("visits", **spec).verdict
    except tre.NotJudged as refusal: return str(refusal)
first = tre.check("visits", rows=["sex"])
found = [
    said(rows=("sex",)), said(rows=np.array(["sex"]), margins=np.bool_(True)),
    said(rows=[{"column": "age", "bands": np.arange(0, 91, 30)}]),
    said(rows=["sex"], statistic="quantile", measure="age", quantile=np.float64(0.5)),
    said(rows=["sex"], filter="not rare", earlier=first), said(rows=["sex"], filter="not rare", earlier=[first]),
    said(rows=["sex"], filter="not rare", earlier=[first.answer.as_json()]), said(rows=["sex"], earlier=(first,)),
    said(rows=[{"column": "age", "bands": [0, math.inf]}]), said(rows="sex"),
]
import json; print(json.dumps(found))
"""


def test_a_researcher_may_write_what_python_is_made_of(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    duckdb.sql(MADE).write_parquet(str(tmp_path / "tables/visits.parquet"))
    with duckdb.connect(str(tmp_path / "views.duckdb")) as connection:
        connection.execute(f"create view visits as select * from '{tmp_path / 'tables/visits.parquet'}'")
    (tmp_path / "manifest.json").write_text(json.dumps({"tables": [{"name": "visits", "columns": []}]}))
    path = os.pathsep.join([str(CHECKOUT / "notebooks-image/library"), str(CHECKOUT)])
    done = subprocess.run(
        [sys.executable, "-c", ASKED],
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "TRE_DATA": str(tmp_path), "PYTHONPATH": path},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: list[str] = json.loads(done.stdout)
    assert found[:8] == ["safe"] * 4 + ["unsafe"] * 3 + ["safe"]
    assert "an open end of a banding is null (None in Python)" in found[8]
    assert 'write ["sex"]' in found[9]


@pytest.mark.parametrize("odd", [{"sex"}, object(), b"sex", 1j])
def test_what_json_does_not_know_is_refused_in_words(odd: Any) -> None:
    with pytest.raises(CannotJudge, match="which JSON does not know"):
        read_specification({"rows": [odd]})
