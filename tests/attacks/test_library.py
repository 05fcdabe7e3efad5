"""The researcher's library, first notebooks and environment, in a real workspace."""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from tests.house.installation import CHECKOUT, House, Workspace
from tests.house.notebook import Kernel
from tests.house.snapshot import HOSPITAL, RESPONDENTS, Table, build_snapshot


@pytest.fixture
def kernel(amina: Workspace) -> Iterator[Kernel]:
    """A fresh kernel of the workspace."""
    kernel = amina.kernel()
    yield kernel
    kernel.close()


def test_the_smoke_notebook_runs(kernel: Kernel) -> None:
    assert _run(kernel, CHECKOUT / "notebooks-image/smoke.ipynb").strip().endswith("smoke: all well")


def test_the_welcome_lists_each_view_and_its_columns_meanings(amina: Workspace, kernel: Kernel) -> None:
    welcome = _folder(amina) / "welcome.ipynb"
    text = welcome.read_text()
    assert "### visits" in text
    assert "| `systolic` | Systolic blood pressure | mmHg |" in text
    assert "dictionary" not in text
    assert "visits" in _run(kernel, welcome)
    assert not (_folder(amina) / "examples").exists(), "the examples are for data that this project does not have"


def test_tables_and_columns_are_told(kernel: Kernel) -> None:
    assert kernel.run("import tre; print(tre.tables().to_dict('records'))").text.strip() == (
        "[{'name': 'visits', 'meaning': 'One examination of one person', 'rows': 200, 'persons': 200, 'dataset': 'made'}]"
    )
    assert "mmHg" in kernel.run("print(tre.describe('visits'))").text
    assert kernel.run("tre.describe('nothing')").error.startswith(
        "NoSuchTable: There is no table 'nothing' in this project. There are: visits"
    )


def test_the_connection_knows_the_views_and_own_tables(kernel: Kernel) -> None:
    code = "import tre; con = tre.connect(); con.sql('create table mine as from visits'); print(con.sql('select count(*) from mine').fetchone())"
    assert kernel.run(code).text.strip() == "(200,)"
    assert kernel.run("con.sql('drop view project.visits')").error.startswith("InvalidInputException")
    assert kernel.run("print(con.sql(\"select current_setting('threads')\").fetchone())").text.strip() == "(2,)"


def test_files_are_requested_as_they_are_now(house: House, amina: Workspace, kernel: Kernel) -> None:
    before = len(house.session_api.requests)
    kernel.run(
        "import os, tre; os.makedirs('/workspace/outputs', exist_ok=True); open('/workspace/outputs/a.csv', 'w').write('n\\n12\\n')"
    )
    asked = kernel.run(
        "os.chdir('/workspace'); print(tre.request_release('outputs/a.csv', title='Counts', context='Table 1'))"
    )
    assert "Release request r-aaaaaa: submitted" in asked.text, asked.error
    taken = house.session_api.requests[before]
    assert taken == {
        "title": "Counts",
        "context": "Table 1",
        "files": {"outputs/a.csv": sha256(b"n\n12\n").hexdigest()},
    }
    assert "Counts" in kernel.run("print(tre.status())").text
    found = kernel.run(
        "print(tre.request_release('outputs/a.csv', title='small', context='', request_id='r-aaaaaa'))"
    ).text
    assert "- outputs/a.csv, must fix: A cell counts 3 persons. Leave it out." in found
    assert house.session_api.requests[before + 1]["request_id"] == "r-aaaaaa"


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("tre.request_release('none.csv', title='t', context='c')", "NoSuchFile: There is no file none.csv."),
        (
            "tre.request_release('/etc/passwd', title='t', context='c')",
            "NoSuchFile: /etc/passwd is not in the workspace",
        ),
        (
            "os.symlink('/etc/passwd', '/workspace/l.csv') or tre.request_release('/workspace/l.csv', title='t', context='c')",
            "NoSuchFile",
        ),
        (
            "open('/workspace/a\\nb', 'w').close() or tre.request_release('/workspace/a\\nb', title='t', context='c')",
            "NoSuchFile: Rename",
        ),
        (
            "tre.request_release('/workspace/welcome.ipynb', title='', context='c')",
            "NotAccepted: Look at the fields.\n  title: Say in",
        ),
        ("os.environ.update(TRE_SESSION_TOKEN='other') or tre.status()", "SessionEnded: This session has ended"),
        ("os.environ.update(TRE_SESSION_API='/run/none.sock') or tre.status()", "NotAnswering"),
    ],
)
def test_errors_tell_what_to_do(kernel: Kernel, call: str, said: str) -> None:
    kernel.run("import os, tre")
    assert kernel.run(call).error.startswith(said)


def test_what_was_written_is_there_the_next_time_and_first_notebooks_come_once(house: House) -> None:
    workspace = house.open("hugo", "p-cccccc")
    workspace.kernel().run(
        "import os; open('/workspace/mine.txt', 'w').write('kept'); os.unlink('/workspace/welcome.ipynb')"
    )
    workspace.stop()
    again = house.open("hugo", "p-cccccc")
    found = again.kernel().run(
        "import os; print(open('/workspace/mine.txt').read(), os.path.exists('/workspace/welcome.ipynb'))"
    )
    assert found.text.strip() == "kept False"
    again.stop()


@pytest.mark.parametrize(
    ("project", "tables", "example", "results"),
    [
        (
            "p-eeeeee",
            RESPONDENTS,
            "blood-pressure",
            ["mean-systolic-by-age-and-sex.csv", "mean-systolic-by-age-and-sex.png"],
        ),
        (
            "p-ffffff",
            HOSPITAL,
            "admissions",
            ["admissions-by-chapter-and-year.csv", "admissions-by-chapter-and-year.png"],
        ),
    ],
)
def test_an_example_is_there_for_the_projects_data_and_runs(
    house: House, project: str, tables: dict[str, Table], example: str, results: list[str]
) -> None:
    snapshot = house.state / "snapshots" / project / "1"
    build_snapshot(snapshot, house.places.notebook, project=project, tables=tables)
    workspace = house.open("hugo", project)
    assert [path.name for path in (_folder(workspace) / "examples").iterdir()] == [f"{example}.ipynb"]
    before = len(house.session_api.requests)
    _run(workspace.kernel(), _folder(workspace) / f"examples/{example}.ipynb")
    outputs = _folder(workspace) / "outputs"
    assert sorted(path.name for path in outputs.iterdir()) == results
    taken = {f"outputs/{name}": sha256((outputs / name).read_bytes()).hexdigest() for name in results}
    assert house.session_api.requests[before]["files"] == taken
    lines = (outputs / results[0]).read_text().splitlines()
    persons = lines[0].split(",").index("persons")
    assert len(lines) > 10
    assert all(int(line.split(",")[persons]) >= 10 for line in lines[1:])
    workspace.stop()


def _run(kernel: Kernel, notebook: Path) -> str:
    """Run all code cells in order, as a person does; return what they printed and showed."""
    text = ""
    for cell in json.loads(notebook.read_text())["cells"]:
        if cell["cell_type"] == "code":
            answer = kernel.run("".join(cell["source"]))
            assert not answer.error, f"{answer.error} in {cell['source']}"
            text += answer.text
    return text


def _folder(workspace: Workspace) -> Path:
    return workspace.house.state / "workspaces" / workspace.project / workspace.person


def test_the_checks_are_asked_before_any_request(house: House, kernel: Kernel) -> None:
    """Both sexes have 100 persons; of the 60 ages most have 3 or 4 persons: 0 < 4 < 10."""
    before = len(house.session_api.requests)
    asked = kernel.run(
        "import tre; mean = tre.check('visits', rows=['sex'], statistic='mean', measure='systolic'); "
        "print(mean.verdict, tre.check('visits', rows=['age']).verdict)"
    )
    assert asked.text.strip() == "safe unsafe", asked.error
    assert kernel.run("tre.check('visits', rows=['gender'])").error.startswith("NotJudged: The column 'gender'")
    assert kernel.run("tre.check('nothing')").error.startswith("NoSuchTable")
    assert len(house.session_api.requests) == before
