"""Runs inside the notebook environment: reads cases from standard input, writes what acro says of each. Imports nothing of ours."""

import contextlib
import io
import json
import os
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any


def main() -> None:
    warnings.simplefilter("ignore")
    written = sys.stdout
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            answers = [_ask(case, str(place)) for place, case in enumerate(json.load(sys.stdin))]
    json.dump(answers, written)


def _ask(case: dict[str, Any], folder: str) -> str:
    import acro  # type: ignore[import-not-found,import-untyped,unused-ignore]
    import pandas as pd

    Path(folder).mkdir()
    os.chdir(folder)
    for name, text in case["files"].items():
        Path(Path(name).name).write_text(text)
    session = acro.ACRO(suppress=False)
    frame = pd.DataFrame(case["columns"])
    one = pd.Series("all", index=frame.index, name="one")
    try:
        exec(case["acro"], {"session": session, "df": frame, "one": one})
    except Exception as error:  # noqa: BLE001 - whatever it raises is its answer
        return type(error).__name__
    finally:
        os.chdir("..")
    records = session.results.results.values()
    return ", ".join(sorted({record.status for record in records})) or "nothing recorded"


if __name__ == "__main__":
    main()
