"""Packages of Debian's unstable suite, fetched and unpacked without installing them.

The machine's own package lists stay untouched: apt-get gets private lists, and the
mirror's address is the one the machine already uses.
"""

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

from . import children, console, state
from .console import Failure, step

SUITE = "sid"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
SOURCES = (
    Path("/etc/apt/sources.list.d/debian.sources"),
    Path("/etc/apt/sources.list"),
)
TRIES = 3


def _mirror():
    for path in SOURCES:
        if path.exists():
            for line in path.read_text().splitlines():
                found = re.match(r"(?:URIs:|deb(?:\s+\[.*?\])?)\s+(\S+)", line)
                if found and "security" not in found[1]:
                    return found[1]
    raise Failure(
        "no Debian mirror in /etc/apt, so Odoo cannot be fetched; "
        "set ODOO_PATH to a folder with Odoo 19"
    )


def _apt(work):
    listing = work / "sources.list"
    signed = f"[signed-by={KEYRING}] " if KEYRING.exists() else ""
    listing.write_text(f"deb {signed}{_mirror()} {SUITE} main\n")
    for part in ("lists/partial", "cache/archives/partial"):
        (work / part).mkdir(parents=True, exist_ok=True)
    return [
        "apt-get",
        "-q",
        f"-oDir::Etc::sourcelist={listing}",
        "-oDir::Etc::sourceparts=/dev/null",
        f"-oDir::State::Lists={work / 'lists'}",
        f"-oDir::Cache={work / 'cache'}",
        "-oAcquire::Retries=1",
        "-oAPT::Update::Error-Mode=any",
    ]


def present(folder, package):
    found = sorted(folder.glob(f"{package}_*.deb"), key=lambda p: p.stat().st_mtime)
    return found[-1] if found else None


def _download(folder, packages):
    """Into a temporary folder first: a broken-off download never looks complete."""
    work = state.sub("apt")
    apt = _apt(work)
    arriving = folder / "arriving"
    shutil.rmtree(arriving, ignore_errors=True)
    arriving.mkdir()
    console.run([*apt, "update"], "reading Debian's package lists")
    console.run([*apt, "download", *packages], "fetching Odoo", cwd=arriving)
    for path in arriving.glob("*.deb"):
        os.replace(path, folder / path.name)
    arriving.rmdir()


def unpack(deb, folder):
    """Like `dpkg-deb -x`, whose helpers would live on if it were killed."""
    read = children.start(
        ["dpkg-deb", "--fsys-tarfile", deb],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        tar = ["tar", "-x", "--no-same-owner", "-C", folder]
        console.run(tar, f"unpacking {deb.name}", stdin=read.stdout)
    finally:
        read.stdout.close()
        status = read.wait()
    if status:
        raise Failure(f"{deb.name} is damaged; it is fetched anew next time")


def fetch(packages):
    """The .deb files of these packages, from the cache or the mirror."""
    folder = state.sub("debs")
    missing = [name for name in packages if not present(folder, name)]
    if missing:
        if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
            raise Failure(
                "Odoo is fetched with Debian's apt-get, which is not here; "
                "set ODOO_PATH to a folder with Odoo 19"
            )
        step(f"downloading {', '.join(missing)}")
    for attempt in range(TRIES if missing else 0):
        try:
            _download(folder, missing)
            break
        except Failure as exc:
            if attempt == TRIES - 1:
                raise Failure(
                    f"Odoo 19 could not be downloaded ({exc}); "
                    "check the network, or set ODOO_PATH to a folder with Odoo 19"
                ) from exc
            time.sleep(2 * (attempt + 1))
    return [present(folder, name) for name in packages]
