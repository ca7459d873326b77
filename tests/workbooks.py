"""XLSX files for tests, as people and machines make them."""

import io
import zipfile

import openpyxl


def workbook(rows, formats=None, merged=(), name="Dados", **more):
    """Return the bytes of a workbook.

    :param rows: of the first sheet, lists of cells
    :param formats: ``{cell: number format}``
    :param merged: ranges of merged cells
    :param more: ``{name of a further sheet: rows}``
    """
    book = openpyxl.Workbook()
    book.active.title = name
    for title, content in {name: rows, **more}.items():
        sheet = book[title] if title in book else book.create_sheet(title)
        for row in content:
            sheet.append(row)
    for cell, number_format in (formats or {}).items():
        book[name][cell].number_format = number_format
    for reference in merged:
        book[name].merge_cells(reference)
    return saved(book)


def saved(book):
    """Return the bytes of an openpyxl workbook."""
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_part(data, part, change):
    """Return a workbook with one of its parts changed.

    :param change: function from the part's bytes to others
    """
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as before,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            content = before.read(name)
            after.writestr(name, change(content) if name == part else content)
    return result.getvalue()
