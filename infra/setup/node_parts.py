"""Owns the Node parts: the provider, the front door and what pages are built from. Must never run a package's own scripts."""

import shutil
from pathlib import Path

from infra.setup.paths import NODE_LOCK, Places
from infra.setup.workshop import Workshop


def make(workshop: Workshop, places: Places, folder: Path) -> str:
    """`npm ci` from package-lock.json, each package checked by its hash."""
    workshop.say("installing the identity provider, the proxy and the page toolkit from package-lock.json")
    folder.mkdir(exist_ok=True)
    for source in [*NODE_LOCK, NODE_LOCK[0].with_name(".npmrc")]:
        shutil.copyfile(workshop.checkout / source, folder / source.name)
    npm = places.node.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    workshop.run(
        [places.node, npm, "ci", "--ignore-scripts", "--cache", places.home / "cache" / "npm"],
        cwd=folder,
        env={"PATH": f"{places.node.parent}:/usr/bin:/bin"},
    )
    return "from package-lock.json"
