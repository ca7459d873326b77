"""What a file is, told by its bytes; what is no spreadsheet is refused by its name."""

import io
import zipfile

from odoo.exceptions import UserError

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")
#: Control characters that no text has.
_NOT_TEXT = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b\0"))


def is_workbook(env, data):
    """Return whether the bytes of a file are an XLSX workbook, else they are a text.

    :raise UserError: neither; it says what the file is and what to do
    """
    if not data.strip():
        raise UserError(env._("The file is empty."))
    if data.startswith(b"PK"):
        _check_zip(env, data)
        return True
    _refuse_binary(env, data)
    _refuse_markup(env, data)
    return False


def _check_zip(env, data):
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UserError(
            env._(
                "The workbook is damaged: open it in your spreadsheet program, save it "
                "again as XLSX and import that."
            )
        ) from error
    if "xl/workbook.xml" in names:
        return
    if "xl/workbook.bin" in names or "content.xml" in names:
        raise UserError(
            env._(
                "Workbooks are read as XLSX only: open the file in your spreadsheet "
                "program and save it as XLSX or CSV."
            )
        )
    raise UserError(
        env._(
            "This is an archive or a document, no spreadsheet: choose an XLSX or a "
            "CSV file."
        )
    )


def _refuse_binary(env, data):
    if data.startswith(_OLE):
        _refuse_ole(env, data)
    if data.startswith(b"%PDF"):
        raise UserError(
            env._(
                "This is a PDF. Choose the spreadsheet it was made of, as XLSX or CSV."
            )
        )
    if data.startswith(_IMAGES):
        raise UserError(
            env._("This is a picture. Choose a spreadsheet, as XLSX or CSV.")
        )
    sample = data[:4096]
    if not data.startswith(_UTF_16_MARKS) and (
        len(sample.translate(None, _NOT_TEXT)) < len(sample)
    ):
        raise UserError(env._("This is no spreadsheet: choose an XLSX or a CSV file."))


def _refuse_ole(env, data):
    """Refuse what Excel wrote before 2007, and what it encrypts to this day."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise UserError(
            env._(
                "The workbook is protected by a password: open it, remove the password "
                "and save it again."
            )
        )
    raise UserError(
        env._(
            "This is an old workbook (.xls): open it in your spreadsheet program and "
            "save it as XLSX or CSV."
        )
    )


def _refuse_markup(env, data):
    """Refuse web pages and XML, which many systems export under the name .xls."""
    beginning = data.removeprefix(b"\xef\xbb\xbf")[:512].lstrip().lower()
    if beginning.startswith((b"<!doctype", b"<html", b"<table", b"<?xml", b"<meta")):
        raise UserError(
            env._(
                "This is a web page or XML, whatever its name ends with: open it in "
                "your spreadsheet program and save it as XLSX or CSV."
            )
        )
