"""Packages of Debian, fetched and unpacked without installing them.

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

#: The only one that has Odoo 19; what is compiled comes from the machine's own suite.
SUITE = "sid"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
SOURCES = (
    Path("/etc/apt/sources.list.d/debian.sources"),
    Path("/etc/apt/sources.list"),
)
RELEASE = Path("/etc/os-release")
TRIES = 3


def own_suite():
    """The suite that the machine itself runs."""
    found = re.search(r"^VERSION_CODENAME=(\w+)", RELEASE.read_text(), re.M)
    return found[1] if found else SUITE


def _components():
    # Ubuntu keeps most of Debian apart.
    return "main universe" if "ID=ubuntu" in RELEASE.read_text() else "main"


def _mirror():
    for path in SOURCES:
        if path.exists():
            for line in path.read_text().splitlines():
                found = re.match(r"(?:URIs:|deb(?:\s+\[.*?\])?)\s+(\S+)", line)
                if found and "security" not in found[1]:
                    return found[1]
    raise Failure("there is no Debian mirror in /etc/apt")


def _apt(work, suite):
    listing = work / "sources.list"
    signed = f"[signed-by={KEYRING}] " if KEYRING.exists() else ""
    listing.write_text(f"deb {signed}{_mirror()} {suite} {_components()}\n")
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


def _download(folder, packages, suite):
    """Into a temporary folder first: a broken-off download never looks complete."""
    apt = _apt(state.sub("apt", suite), suite)
    arriving = folder / "arriving"
    shutil.rmtree(arriving, ignore_errors=True)
    arriving.mkdir()
    console.run([*apt, "update"], "reading Debian's package lists")
    console.run([*apt, "download", *packages], "fetching packages", cwd=arriving)
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


def fetch(packages, what, otherwise, suite=SUITE):
    """The .deb files of these packages, from the cache or the mirror.

    `what` they are and what to do `otherwise` are for the failure.
    """
    folder = state.sub("debs")
    missing = [name for name in packages if not present(folder, name)]
    if missing:
        if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
            raise Failure(
                f"{what} is fetched with Debian's apt-get, which is not here; "
                f"{otherwise}"
            )
        step(f"downloading {', '.join(missing)}")
    for attempt in range(TRIES if missing else 0):
        try:
            _download(folder, missing, suite)
            break
        except Failure as exc:
            if attempt == TRIES - 1:
                raise Failure(
                    f"{what} could not be downloaded ({exc}); "
                    f"check the network, or {otherwise}"
                ) from exc
            time.sleep(2 * (attempt + 1))
    return [present(folder, name) for name in packages]
