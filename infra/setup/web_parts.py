"""Owns the folder a browser is served from. Must never fetch: all is in the Node parts and the portal's own styles."""

from pathlib import Path

from infra.setup.paths import STYLE_FOLDER, WEB_BUILDER, Places
from infra.setup.workshop import Workshop


def make(workshop: Workshop, places: Places, folder: Path) -> str:
    """One style sheet built with sass, the toolkit's script, htmx, and the icons the sheet names."""
    workshop.say("building the style sheet")
    modules = places.node_parts / "node_modules"
    workshop.run([places.node, WEB_BUILDER, modules, STYLE_FOLDER, folder])
    return "with sass"
