"""Owns the page that sets both answers side by side. Must never hold an answer of its own."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

from infra.setup.paths import CHECKOUT, places
from output_checking.domain.checks.appetite import Appetite
from output_checking.domain.checks.files.examine import examine
from output_checking.domain.checks.files.finding import Severity
from output_checking.domain.checks.refusal import CannotJudge
from output_checking.domain.names import require_names
from tests.comparison.cases import CASES, Case
from tests.factories.records import judged
from tre.kernel.errors import Invalid

PAGE = CHECKOUT / "docs/checks-against-acro.md"
# what acro's three states mean for the question whether the output may go as it is
_SAID = {"pass": "safe", "fail": "unsafe", "review": "review"}


def ask_acro() -> list[str]:
    """Return what acro says of each case: states, or the error that it raised."""
    given = json.dumps(
        [
            {
                "acro": one.acro,
                "columns": {name: list(some) for name, some in one.columns.items()},
                "files": dict(one.files),
            }
            for one in CASES
        ]
    )
    done = subprocess.run(
        [places().notebook / "bin/python", "-I", Path(__file__).with_name("acro_run.py")],
        input=given, capture_output=True, text=True, check=True, cwd="/",
    )  # fmt: skip
    answers: list[str] = json.loads(done.stdout)
    return answers


def ask_engine(case: Case) -> str:
    """Return our verdict, `not judged` where there is none; of files whether they are refused, blocked or left to a person."""
    if case.files:
        return _ask_of_files(case.files)
    appetite = Appetite(**case.appetite)
    try:
        earlier = [judged(case.columns, one, appetite=appetite).as_json() for one in case.earlier]
        return str(judged(case.columns, case.spec, appetite=appetite, earlier=earlier).verdict)
    except CannotJudge:
        return "not judged"


def _ask_of_files(files: Mapping[str, str]) -> str:
    try:
        require_names(list(files))
    except Invalid:
        return "refused"
    found = [one for name, text in files.items() for one in examine(name, text.encode(), threshold=10).findings]
    return "blocked" if any(one.severity is Severity.BLOCK for one in found) else "review"


def page(acro: list[str]) -> str:
    """Return the page."""
    right = sum(_SAID.get(said) == case.right for case, said in zip(CASES, acro, strict=True))
    lines = [
        "# The checks beside acro's",
        "",
        f"Made by `python -m tests.comparison` on the same records: {len(CASES)} outputs in which acro 1.0.2 was found to err, and their",
        f"neighbours. The verdict in the third column follows from the formula beside it. The engine gives it in all; acro in {right}",
        "(its *pass* read as safe, *fail* as unsafe). A test holds our column; acro's is what it answered when the page was made.",
        "Errors 3 and 4 are about several outputs together: the engine's verdict is on the last, given the earlier ones; acro's states are",
        "those of all of them. Error 14 is about files. The formula of each error is worked out in `tests/unit/checks/test_fourteen_errors.py`.",
        "",
        "| Error | Output | Right | Why | Engine | acro 1.0.2 |",
        "|---|---|---|---|---|---|",
        *(
            f"| {case.error} | {case.name} | {case.right} | {case.why} | {ask_engine(case)} | {said} |"
            for case, said in zip(CASES, acro, strict=True)
        ),
    ]
    return "\n".join(lines) + "\n"
