"""The addon in this repository: its manifest, its link for Odoo, its fingerprint."""

import ast
import hashlib
import os

from . import state
from .console import Failure

#: What decides whether an installed database is up to date. Assets are read from the
#: files at each start, tests and tools are never loaded into a database.
LOADED = {".py", ".xml", ".csv", ".po"}
NOT_LOADED = {"dev", "tests", "static", "__pycache__"}


def manifest():
    path = state.REPO / "__manifest__.py"
    try:
        return ast.literal_eval(path.read_text())
    except (OSError, SyntaxError, ValueError) as exc:
        raise Failure(f"{path} cannot be read: {exc}") from exc


def folder():
    """The folder for Odoo's addons path; one per clone, they may share the state."""
    path = state.sub("addons", state.CLONE)
    link = path / state.ADDON
    if not link.is_symlink() or os.readlink(link) != str(state.REPO):
        link.unlink(missing_ok=True)
        link.symlink_to(state.REPO)
    return path


def linked():
    return folder() / state.ADDON


def fingerprint():
    """Changes when an update of the addon in a database would change something."""
    total = hashlib.sha256()
    for here, folders, names in os.walk(state.REPO):
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and name not in NOT_LOADED
        )
        for name in sorted(names):
            if os.path.splitext(name)[1] in LOADED:
                path = os.path.join(here, name)
                total.update(os.path.relpath(path, state.REPO).encode())
                with open(path, "rb") as file:
                    total.update(hashlib.sha256(file.read()).digest())
    return total.hexdigest()[:16]
