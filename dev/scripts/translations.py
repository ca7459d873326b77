"""Run in the shell: renews i18n/*.pot and *.po, and says what is untranslated.

Arguments: the repository, and `--check` to change nothing and fail if something would
have changed or is untranslated.
"""

import io
import sys
from pathlib import Path

import polib

from odoo.tools.translate import trans_export

ADDON = "customer_success"
LANGUAGES = ("pt_BR",)
#: Dates change with every export; two files that differ only there are the same.
DATES = ("POT-Creation-Date", "PO-Revision-Date")
env = globals()["env"]


def exported():
    """All terms of the installed addon, in an order that never depends on chance."""
    buffer = io.BytesIO()
    trans_export(None, [ADDON], buffer, "po", env)
    template = polib.pofile(buffer.getvalue().decode(), wrapwidth=78)
    for entry in template:
        entry.occurrences.sort()
        entry.tcomment = ""
    template.sort(key=lambda entry: (entry.msgid, entry.msgctxt or ""))
    template.metadata.pop("Language-Team", None)
    template.metadata.pop("Last-Translator", None)
    return template


def merged(template, path, language):
    """The same terms with the translations there are; what is obsolete goes."""
    known, metadata, header = {}, {}, template.header
    if path.exists():
        old = polib.pofile(str(path), wrapwidth=78)
        known = {(entry.msgid, entry.msgctxt): entry for entry in old if entry.msgstr}
        metadata, header = old.metadata, old.header
    result = polib.POFile(wrapwidth=78)
    result.header = header
    result.metadata = {**template.metadata, **metadata, "Language": language}
    result.metadata["Plural-Forms"] = "nplurals=2; plural=(n > 1);"
    for term in template:
        entry = polib.POEntry(
            msgid=term.msgid,
            msgctxt=term.msgctxt,
            comment=term.comment,
            occurrences=term.occurrences,
            flags=[flag for flag in term.flags if flag != "fuzzy"],
        )
        if before := known.get((term.msgid, term.msgctxt)):
            entry.msgstr = before.msgstr
            entry.tcomment = before.tcomment
            entry.flags += ["fuzzy"] if before.fuzzy else []
        result.append(entry)
    return result


def without_dates(text):
    lines = text.splitlines()
    return [
        line for line in lines if not line.startswith(tuple(f'"{d}' for d in DATES))
    ]


def renew(path, content, check):
    """Write the file if more than its dates changed; True if it was up to date."""
    text = str(content).rstrip("\n") + "\n"
    before = path.read_text() if path.exists() else ""
    if without_dates(before) == without_dates(text):
        return True
    if check:
        print(f"{path.name} is out of date: run `python3 dev i18n`")
        return False
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    print(f"{path.name}: written, {len(content)} terms")
    return True


def lacking(content, language):
    """Terms without a usable translation, printed where they come from."""
    terms = [entry for entry in content if entry.fuzzy or not entry.msgstr]
    for entry in terms:
        kind = "fuzzy" if entry.fuzzy else "untranslated"
        where = entry.occurrences[0][0] if entry.occurrences else "?"
        print(f"{language}: {kind}: {entry.msgid!r} ({where})")
    print(f"{language}: {len(content) - len(terms)} of {len(content)} translated")
    return terms


def main(repository, check):
    folder = Path(repository, "i18n")
    template = exported()
    good = renew(folder / f"{ADDON}.pot", template, check)
    complete = True
    for language in LANGUAGES:
        path = folder / f"{language}.po"
        content = merged(template, path, language)
        good = renew(path, content, check) and good
        complete = not lacking(content, language) and complete
    sys.exit(1 if check and not (good and complete) else 0)


main(sys.argv[1], "--check" in sys.argv[2:])
