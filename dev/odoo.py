"""The Odoo to run: the one named by ODOO_PATH, or Debian's, unpacked into our state."""

import os
import re
import shutil
from pathlib import Path

from . import debian, state, venv
from .console import Failure, step

SERIES = (19, 0)
PACKAGES = (
    "odoo-19",
    "libjs-jquery",
    "libjs-underscore",
    "libjs-jquery-form",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-inconsolata",
)
#: Raise when `_mend` changes: unpacked copies are then made anew.
MEND = 1
NEEDED_BYTES = 4 * 10**9


def _release(root):
    """(series, full version) of the Odoo importable from `root`, or None."""
    try:
        text = (root / "odoo" / "release.py").read_text()
    except OSError:
        return None
    series = re.search(r"^version_info = \((\d+), (\d+)", text, re.M)
    return (int(series[1]), int(series[2])) if series else None


def _named():
    named = Path(os.environ["ODOO_PATH"]).expanduser().absolute()
    inside = named / "usr/lib/python3/dist-packages"
    for root in (named, named.parent, inside):
        series = _release(root)
        if series and series != SERIES:
            raise Failure(
                f"ODOO_PATH={named} is Odoo {series[0]}.{series[1]}, 19.0 is needed"
            )
        if series:
            return root
    raise Failure(
        f"ODOO_PATH={named} has no Odoo: it must be the folder that contains "
        "the `odoo` package (a checkout, or dist-packages)"
    )


def root():
    """The folder that goes on PYTHONPATH."""
    if os.environ.get("ODOO_PATH"):
        return _named()
    return state.folder() / "odoo" / "usr/lib/python3/dist-packages"


def addons_paths():
    """Folders with Odoo's own addons, beside the one inside the package."""
    checkout = root() / "addons"
    return [checkout] if (checkout / "crm" / "__manifest__.py").exists() else []


def version():
    """What a prepared database depends on: the release, and for ours the package."""
    if os.environ.get("ODOO_PATH"):
        return f"{root()} {_release(root())}"
    return (state.folder() / "odoo" / ".complete").read_text()


def ensure():
    """Unpack Odoo unless it is there."""
    if os.environ.get("ODOO_PATH"):
        _named()
        return
    target = state.folder() / "odoo"
    if (target / ".complete").exists() and _fingerprint_now() == version():
        return
    free = shutil.disk_usage(state.folder()).free
    if free < NEEDED_BYTES:
        raise Failure(
            f"{free / 1e9:.1f} GB free in {state.folder()}, "
            f"{NEEDED_BYTES / 1e9:.0f} GB are needed; set XDG_CACHE_HOME elsewhere"
        )
    debs = debian.fetch(PACKAGES, "Odoo 19", "set ODOO_PATH to a folder with Odoo 19")
    step("unpacking Odoo")
    work = state.folder() / "odoo.new"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    for deb in debs:
        try:
            debian.unpack(deb, work)
        except Failure:
            deb.unlink(missing_ok=True)  # damaged: fetched anew next time
            raise
    _mend(work)
    state.finish(work, _fingerprint(debs))
    shutil.rmtree(target, ignore_errors=True)
    work.rename(target)


def _fingerprint(debs):
    return f"{' '.join(sorted(deb.name for deb in debs))} mend {MEND}"


def _fingerprint_now():
    folder = state.sub("debs")
    names = [debian.present(folder, name) for name in PACKAGES]
    return _fingerprint(names) if all(names) else version()


def _mend(top):
    """Put back what Debian strips and every page or browser tour needs."""
    addons = top / "usr/lib/python3/dist-packages/odoo/addons"
    lost = addons / "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
    lost.parent.mkdir(parents=True, exist_ok=True)
    lost.write_text("/* removed by Debian; only needed for blurred video calls */\n")
    fonts = venv.site_packages() / "xstatic/pkg/font_awesome/data/fonts"
    for link in addons.glob("web/static/**/fontawesome/fonts/*"):
        packaged = fonts / link.name
        if link.is_symlink() and not link.exists() and packaged.exists():
            link.unlink()
            shutil.copyfile(packaged, link)
