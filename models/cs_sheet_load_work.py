import base64
import logging
import time

from psycopg2 import OperationalError
from psycopg2 import errors as pg_errors

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..sheets.loader import LOADERS
from ..sources import registry
from .cs_sheet_load import UNDER_WAY

_logger = logging.getLogger(__name__)

#: So many rows of a page may fail for reasons that nobody foresaw.
MAX_POISONED = 50
#: A page that was cut so often, by a server that went down each time, is given up.
MAX_ATTEMPTS = 3
_TRIES_IN_CONFLICT = 5
#: Another transaction came between: to begin again is all it takes.
_CONFLICTS = (
    pg_errors.SerializationFailure,
    pg_errors.DeadlockDetected,
    pg_errors.LockNotAvailable,
)


class CsSheetLoad(models.Model):
    """The work: pages made of a file, and loaded one after the other."""

    _inherit = "cs.sheet.load"

    # In one go

    def _load_all(self, table=None):
        """Load a whole file within this transaction.

        :param table: its :class:`~..sheets.table.Table`; read from the file without it
        :raise UserError: it cannot be loaded
        """
        begun = time.monotonic()
        self._prepare(table)
        while page := self._next_page():
            self._load_page(page)
        self._finish(time.monotonic() - begun)

    def _load_soon(self, table):
        """Load a short file now, a long one in the background.

        :param table: the :class:`~..sheets.table.Table` of its first rows
        :raise UserError: a short one that cannot be loaded
        """
        if table.is_cut or self.page_ids or self.attempts:
            self._trigger()
        else:
            self._load_all(table)

    # By the scheduled action

    @api.model
    def _cron_load(self):
        """Load the files that wait, a page a transaction.

        What is cut, by whatever, goes on at the page it was cut in. A file that
        cannot be loaded stops no other.
        """
        progress = self.env["ir.cron"]
        progress._commit_progress(remaining=self._backlog())
        conflicts = 0
        while True:
            load = self.browse()
            try:
                if not (load := self._next_load()):
                    return
                load._as_importer()._step()
            except _CONFLICTS:
                self.env.cr.rollback()
                conflicts += 1
                if conflicts > _TRIES_IN_CONFLICT:
                    raise
                continue
            except Exception as error:
                self.env.cr.rollback()
                load._fail(error)
            conflicts = 0
            if not progress._commit_progress(1, remaining=self._backlog()):
                return

    def _next_load(self):
        """Return the next file with something to do, locked; none, an empty set.

        That it is begun is kept before it is done: a page that brings the server
        down each time must not do so for ever.
        """
        loads = self.search(Domain("state", "in", UNDER_WAY), order="id")
        load = loads.try_lock_for_update(limit=1)
        if not load:
            return load
        load.attempts += 1
        self.env["ir.cron"]._commit_progress()
        # Somebody may have stopped it, or another worker taken it, just now.
        return load.try_lock_for_update().filtered(lambda one: one.state in UNDER_WAY)

    def _backlog(self):
        """Return how many steps are left, one at least for a file without pages yet."""
        loads = self.search([("state", "in", UNDER_WAY)])
        pages = self.env["cs.sheet.load.page"].search_count(
            [("load_id", "in", loads.ids), ("is_done", "=", False)]
        )
        return pages + len(loads)

    def _as_importer(self):
        """Return the load with the rights and in the language of who imported it."""
        self.ensure_one()
        # sudo: who it is must be known to become them.
        user = self.sudo().create_uid
        if not user.active and user != self.env.ref("base.user_root"):
            raise UserError(
                self.env._(
                    "%(user)s, who imported it, is no longer active.", user=user.name
                )
            )
        return (
            self.with_user(user)
            .sudo(False)
            .with_context(
                allowed_company_ids=self.sudo().company_id.ids,
                lang=user.lang,
                tz=user.tz,
            )
        )

    def _step(self):
        """Do the next part of a file: make its pages, or load one."""
        begun = time.monotonic()
        if self.attempts > MAX_ATTEMPTS:
            raise UserError(
                self.env._(
                    "The server was stopped %(count)s times while loading the rows "
                    "after %(done)s. Split the file, or go on when it has room.",
                    count=MAX_ATTEMPTS,
                    done=self.rows_done,
                )
            )
        if not self.page_ids:
            self._prepare()
        elif page := self._next_page():
            self.state = "running"
            self._load_page(page)
        self.attempts = 0
        seconds = self.seconds + time.monotonic() - begun
        if self._next_page():
            self.seconds = seconds
        else:
            self._finish(seconds)

    def _fail(self, error):
        """Keep why a file cannot be loaded; nothing of its next page is kept."""
        self.write({"state": "failed", "error": str(error) or type(error).__name__})
        self.source_id._note_failure(error, self.seconds)

    # The parts

    def _prepare(self, table=None):
        """Read the file and cut it into pages."""
        if table is None:
            sheet = registry.kind_of(self.source_id)
            data = base64.b64decode(self.data)
            table = sheet.read_file(data, self.sheet, self.header_line)
        loader = self._loader(table.header)
        traits = loader.prepare(table)
        pages = self.env["cs.sheet.load.page"]
        pages.create(
            [
                {"load_id": self.id, "number": number, "cells": pages._pack(rows)}
                for number, rows in enumerate(loader.pages(table), 1)
            ]
        )
        self.write(
            {
                "state": "running",
                "header": table.header,
                "delimiter": table.delimiter or False,
                "traits": traits,
                "unused_columns": loader.unused(),
                "rows_total": len(table.rows),
                "created": traits.get("created", 0),
            }
        )
        self._keep_problems(table)

    def _keep_problems(self, table):
        """Keep, as a page that is done, the rows that are none."""
        rows = [row for row in table.rows if row[0] in table.problems]
        if rows:
            page = self.page_ids.create(
                {"load_id": self.id, "number": 0, "cells": self.page_ids._pack(rows)}
            )
            self._keep_results(
                page, [("bad", table.problems[line]) for line, _cells in rows]
            )

    def _loader(self, header):
        return LOADERS[self.kind](
            self.source_id, self.company_id, header, self.column_uses, self.moment
        )

    def _next_page(self):
        return self.env["cs.sheet.load.page"].search(
            [("load_id", "=", self.id), ("is_done", "=", False)],
            order="number",
            limit=1,
        )

    def _load_page(self, page):
        loader = self._loader(self.header)
        loader.begin(self.traits)
        rows = page._rows()
        reports, poisoned = self._load_safely(loader, rows)
        outcomes = {line: ("bad", reason) for line, reason in poisoned.items()}
        for part, report in reports:
            outcomes |= {line: report.of(line) for line, _cells in part}
            self.created += report.created
        self._keep_results(page, [outcomes[line] for line, _cells in rows])

    def _keep_results(self, page, outcomes):
        counts = page._keep(outcomes)
        self.rows_done += len(outcomes)
        for name, count in counts.items():
            self[name] += count

    def _load_safely(self, loader, rows, poisoned=0):
        """Load rows together; in halves, when something fails that nobody foresaw.

        :return: list of ``(rows, report)``, and ``{line: reason}`` of those that failed
        :raise UserError: too many of them
        """
        try:
            with self.env.cr.savepoint():
                return [(rows, loader.load(rows))], {}
        except (AccessError, OperationalError):
            raise
        except Exception as error:
            if len(rows) == 1:
                return [], {rows[0][0]: self._poison_reason(rows[0][0], error)}
        half = len(rows) // 2
        reports, failed = self._load_safely(loader, rows[:half], poisoned)
        if poisoned + len(failed) > MAX_POISONED:
            raise UserError(
                self.env._(
                    "More than %(count)s rows fail, the first of them for this reason: "
                    "%(reason)s",
                    count=MAX_POISONED,
                    reason=next(iter(failed.values())),
                )
            )
        more, failed_too = self._load_safely(
            loader, rows[half:], poisoned + len(failed)
        )
        return reports + more, failed | failed_too

    def _poison_reason(self, line, error):
        if isinstance(error, UserError):
            return str(error)
        _logger.warning(
            "Line %s of spreadsheet %s cannot be loaded", line, self.id, exc_info=error
        )
        return self.env._(
            "It cannot be loaded, for a reason that nobody foresaw: %(error)s",
            error=str(error).strip()[:200] or type(error).__name__,
        )

    def _finish(self, seconds):
        """Note the result on the source."""
        self.write({"state": "done", "seconds": seconds})
        bad = self._first_rows("bad", 20)
        self.source_id._note(
            {
                "read": self.rows_done,
                "recorded": self.kept,
                "unchanged": self.unchanged,
                "waiting": self.unmatched,
                "bad": self.bad,
                "errors": [f"{line}: {reason}" for line, _cells, reason in bad],
            },
            seconds,
        )
