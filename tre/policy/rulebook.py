"""Owns the page docs/decisions.md: for each act what must hold and what is said where it does not, made from the rules.

Run `python -m tre.policy.rulebook OPA > docs/decisions.md`; a test holds the page current. Must never add a rule of its own.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tre.policy.bundle import REGO, rules
from tre.policy.sentences import sentence

_LIFTS = re.compile(r'lifted contains "([a-z_.]+)"')
_FOR_ALL = ("tre.caller", "tre.people.standing")
_HEAD = """# Who may do what

Made from the rules in `tre/policy/rego` and the sentences in `tre/policy/sentences.py`; a test holds it current, so never edit it by hand.

Everything else is refused. Each act names the objections that can be raised against it; an objection is lifted only where a
fact proves that it does not hold, and every one must be lifted. Where several proofs are named, one is enough. Whoever asks must be
signed in; from inside a workspace, whose token a notebook can read, only the acts marked so can be done.
What is marked as done at the broker's command line is refused over the web, whoever is signed in.
"""


@dataclass(frozen=True, kw_only=True)
class Noun:
    """A package of rules about one noun.

    Args:
        name: `projects.project`.
        title, description: as in its METADATA.
        objections: verb to reason codes.
        proofs: reason code to what lifts it, as title and description.
    """

    name: str
    title: str
    description: str
    objections: Mapping[str, list[str]]
    proofs: Mapping[str, list[str]]


def page(opa: Path) -> str:
    """Return the page.

    Args:
        opa: the OPA binary, which reads the rules.
    """
    with tempfile.TemporaryDirectory() as folder:
        for name, text in rules(REGO).items():
            (Path(folder) / name).parent.mkdir(parents=True, exist_ok=True)
            (Path(folder) / name).write_text(text)
        packages, proofs = _annotations(_ask(opa, "inspect", "--annotations", "--format", "json", folder))
        values = _ask(opa, "eval", "--data", folder, "--format", "raw", "data.tre")
    marks = {
        "Also from inside a workspace.": set(values["caller"]["through_workspace"]),
        "At the broker's command line alone.": set(values["caller"]["at_the_broker"]),
    }
    return _HEAD + "".join(_section(noun, marks) for noun in _nouns(values, packages, proofs))


def _ask(opa: Path, *arguments: str) -> dict[str, Any]:
    done = subprocess.run([opa, *arguments], capture_output=True, text=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _annotations(inspected: dict[str, Any]) -> tuple[dict[str, tuple[str, str]], dict[str, dict[str, list[str]]]]:
    """Return package to (title, description), and package to (reason code to its proofs)."""
    packages: dict[str, tuple[str, str]] = {}
    proofs: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for one in inspected["annotations"]:
        path = [part["value"] for part in one["path"]][1:]
        words = one["annotations"]
        if words["scope"] == "package":
            packages[".".join(path)] = (words["title"], words.get("description", ""))
        elif code := _LIFTS.match(_line(one["location"])):
            proofs[".".join(path[:-1])][code[1]].append(_said(words["title"], words.get("description", "")))
    return packages, proofs


def _line(location: dict[str, Any]) -> str:
    row: int = location["row"]
    return Path(location["file"]).read_text().splitlines()[row - 1]


def _said(title: str, description: str) -> str:
    return f"**{title}.** {description}".strip()


def _nouns(
    values: dict[str, Any], packages: dict[str, tuple[str, str]], proofs: dict[str, dict[str, list[str]]]
) -> Iterator[Noun]:
    for name, (title, description) in sorted(packages.items()):
        own: Any = {"tre": values}
        for part in name.split("."):
            own = own.get(part, {})
        if "objections" in own:
            found: dict[str, list[str]] = defaultdict(list)
            for package in (*_FOR_ALL, name):
                for code, words in proofs[package].items():
                    found[code] += words
            yield Noun(
                name=name.removeprefix("tre."),
                title=title,
                description=description,
                objections=own["objections"],
                proofs=found,
            )


def _section(noun: Noun, marks: Mapping[str, set[str]]) -> str:
    lines = [f"\n## {noun.title}\n\n{noun.description}\n"]
    for verb, codes in sorted(noun.objections.items()):
        action = f"{noun.name}.{verb}"
        lines.append(f"\n### `{action}`\n\n")
        lines += [f"{mark}\n\n" for mark, actions in marks.items() if action in actions]
        lines.append("| What must hold | Otherwise | Reason code |\n|---|---|---|\n")
        lines += [f"| {'<br>or '.join(noun.proofs[code])} | {sentence(code)} | `{code}` |\n" for code in sorted(codes)]
    return "".join(lines)


if __name__ == "__main__":
    sys.stdout.write(page(Path(sys.argv[1])))
