import logging
import time
import traceback
from functools import partial

from odoo import fields, models
from odoo.exceptions import UserError

from ..sources import registry
from ..sources.fetched import RetryLater

_logger = logging.getLogger(__name__)

#: What a run counts.
COUNTED = ("read", "recorded", "unchanged", "waiting", "bad")


class CsMetricSource(models.Model):
    """How the fetches of a source went."""

    _inherit = "cs.metric.source"

    run_ids = fields.One2many(
        comodel_name="cs.metric.run",
        inverse_name="source_id",
        string="Last runs",
        groups="customer_success.group_cs_specialist",
    )
    last_run = fields.Datetime(readonly=True, copy=False)
    last_success = fields.Datetime(readonly=True, copy=False)
    last_result = fields.Text(readonly=True, copy=False)
    last_error = fields.Text(readonly=True, copy=False)
    failures = fields.Integer(
        string="Failures in a row", readonly=True, copy=False, aggregator=None
    )
    duration = fields.Float(string="Seconds", readonly=True, copy=False)
    rows_read = fields.Integer(readonly=True, copy=False)
    rows_recorded = fields.Integer(readonly=True, copy=False)
    rows_unchanged = fields.Integer(readonly=True, copy=False)
    rows_waiting = fields.Integer(
        string="Rows waiting for a customer", readonly=True, copy=False
    )
    rows_bad = fields.Integer(string="Rows refused", readonly=True, copy=False)

    def action_runs(self):
        """Open the last runs of this source."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.cs_metric_run_action"
        )
        action["domain"] = [("source_id", "=", self.id)]
        return action

    def _run(self):
        """Fetch everything of one source and note the result on it.

        :raise UserError: what stopped it; nothing is noted then
        """
        self.ensure_one()
        begun = time.monotonic()
        result = registry.kind_of(self).run()
        self._note(result, time.monotonic() - begun)

    def _run_alone(self):
        """Fetch and commit; a source that fails is noted and stops no other.

        :return: the error, None if all went well
        """
        begun = time.monotonic()
        try:
            result = self._fetch_in_steps()
            seconds = time.monotonic() - begun
            self._in_own_transaction(partial(self._note, result, seconds))
        except Exception as error:
            self.env.cr.rollback()
            if not self.exists():
                return error  # deleted meanwhile: there is nothing to note it on
            seconds = time.monotonic() - begun
            self._in_own_transaction(partial(self._note_failure, error, seconds))
            return error
        return None

    def _fetch_in_steps(self):
        kind = registry.kind_of(self)
        # One that fetches pages commits each; the others are a single step.
        return kind.run() if kind.is_fetched else self._in_own_transaction(kind.run)

    def _note_begin(self):
        # sudo: the machine's note, as below.
        self.sudo().begun_at = fields.Datetime.now()

    def _note(self, result, seconds):
        """Keep the outcome of a run.

        :param result: dict of :data:`COUNTED` (what is missing is 0); ``errors``, a
            list of reasons of refused rows, of which the first are kept
        :param seconds: how long it took
        """
        counted = {name: result.get(name, 0) for name in COUNTED}
        now = fields.Datetime.now()
        # sudo: the outcome is the machine's note, not an edit of the source.
        self.sudo().write(
            {
                "last_run": now,
                "last_success": now,
                "last_error": False,
                "failures": 0,
                "duration": seconds,
                "last_result": self._result_text(counted),
                **{f"rows_{name}": counted[name] for name in COUNTED},
            }
        )
        self._forget_trouble()
        self._log_run(seconds, counted, "\n".join(result.get("errors", ())[:20]))

    def _result_text(self, counted):
        text = self.env._(
            "%(recorded)s recorded, %(unchanged)s unchanged, %(bad)s refused",
            recorded=counted["recorded"],
            unchanged=counted["unchanged"],
            bad=counted["bad"],
        )
        if counted["waiting"]:
            text = self.env._(
                "%(result)s, %(waiting)s waiting for a customer",
                result=text,
                waiting=counted["waiting"],
            )
        return text

    def _reason(self, error):
        """Return why a fetch ended, in words that can be kept and shown.

        What nobody expected is logged for the developer.
        """
        if not isinstance(error, UserError):
            lines = traceback.format_exception(error)
            _logger.error("Source %s failed\n%s", self.id, self._scrub("".join(lines)))
        reason = self._scrub(str(error) or type(error).__name__)
        return reason.replace("\x00", "\N{REPLACEMENT CHARACTER}")

    def _note_failure(self, error, seconds):
        """Keep why a run ended; no secret is in what is kept or logged."""
        reason = self._reason(error)
        if isinstance(error, RetryLater):
            _logger.info("Source %s waits: %s", self.id, reason)
        elif isinstance(error, UserError):
            _logger.warning("Source %s failed: %s", self.id, reason)
        is_failed = not isinstance(error, RetryLater)
        values = {
            "last_run": fields.Datetime.now(),
            "last_result": reason,
            "duration": seconds,
        }
        if is_failed:
            values |= {"last_error": reason, "failures": self.sudo().failures + 1}
        # sudo: as above.
        self.sudo().write(values)
        counted = {} if is_failed else error.counted
        self._log_run(seconds, counted, reason, is_failed)

    def _log_run(self, seconds, counted, reason, is_failed=False):
        # sudo: the log is written by runs, and by nobody else.
        self.env["cs.metric.run"].sudo().create(
            {
                "source_id": self.id,
                "seconds": seconds,
                "is_failed": is_failed,
                "reason": reason or False,
                **{f"rows_{name}": counted.get(name, 0) for name in COUNTED},
            }
        )
