import logging
from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.fields import Domain

from ..sources import registry
from ..sources.fetched import RetryLater

_logger = logging.getLogger(__name__)

FIRST_WAIT = timedelta(minutes=5)
LONGEST_WAIT = timedelta(days=1)


class CsMetricSource(models.Model):
    """When a source is fetched, by whom, and when again after a failure."""

    _inherit = "cs.metric.source"

    is_automatic = fields.Boolean(
        string="Fetch automatically",
        copy=False,
        help="Test it first; then it is fetched at this interval.",
    )
    interval_number = fields.Integer(string="Every", default=6)
    interval_type = fields.Selection(
        selection=[("minutes", "Minutes"), ("hours", "Hours"), ("days", "Days")],
        default="hours",
        required=True,
    )
    next_run = fields.Datetime(
        readonly=True, copy=False, index="btree_not_null", help="Empty: by hand only."
    )
    expected_at = fields.Datetime(
        readonly=True, copy=False, help="By when new facts should have come."
    )
    begun_at = fields.Datetime(
        readonly=True, copy=False, help="When the last fetch began."
    )

    _interval_positive = models.Constraint(
        "CHECK(interval_number > 0)", "The interval must be at least 1."
    )

    @api.model
    def _fetched_kinds(self):
        """Return the kinds that the scheduled action fetches."""
        return [key for key, kind in registry.KINDS.items() if kind.is_fetched]

    @api.model_create_multi
    def create(self, vals_list):
        sources = super().create(vals_list)
        sources.filtered("is_automatic")._set_due()
        return sources

    def write(self, vals):
        result = super().write(vals)
        running = self.filtered(lambda one: one.is_automatic and one.active)
        if "is_automatic" in vals or "active" in vals:
            running._set_due()
            # sudo: the schedule is the machine's.
            (self - running).sudo().write({"next_run": False, "expected_at": False})
        elif {"interval_number", "interval_type"} & set(vals):
            running._hasten()
        return result

    def _set_due(self):
        """Have them fetched by the scheduled action as soon as it can."""
        now = fields.Datetime.now()
        # sudo: the schedule is the machine's; to ask for a fetch, write is enough.
        self.sudo().write({"next_run": now})
        new = self.filtered(lambda one: one.is_automatic and not one.expected_at)
        new.sudo().write({"expected_at": now})
        self._trigger_cron()

    def _hasten(self):
        """Come to the next fetch sooner, where the interval became shorter."""
        for source in self.sudo():
            soon = fields.Datetime.now() + source._interval()
            if source.next_run and source.next_run > soon:
                source.write({"next_run": soon, "expected_at": soon})

    def _interval(self):
        return timedelta(**{self.interval_type: self.interval_number})

    def _trigger_cron(self, at=None):
        # sudo: see above.
        cron = self.env.ref("customer_success.ir_cron_fetch_facts", False)
        if cron:
            cron.sudo()._trigger(at)

    def action_run(self):
        """Fetch now: what we count ourselves at once, the others in the background."""
        self.check_access("write")
        fetched = self.filtered(lambda one: one.kind in self._fetched_kinds())
        for source in self - fetched:
            source._run()
        if not fetched:
            return None
        fetched._set_due()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._(
                    "The fetch begins in the background. Its result appears under "
                    "Last run."
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    @api.model
    def _cron_fetch(self):
        """Fetch every source that is due, each once, however many workers do this."""
        progress = self.env["ir.cron"]
        due = self._due()
        progress._commit_progress(remaining=len(due))
        for source in due:
            try:
                source._fetch_alone()
            except RetryLater as later:
                # Even its outcome could not be noted: it is due still.
                _logger.info("Source %s waits: %s", source.id, later)
            except Exception as error:
                # Such as one that was deleted meanwhile: the others have their turn.
                self.env.cr.rollback()
                _logger.error("Source %s: %s", source.id, source._scrub(str(error)))
            if not progress._commit_progress(1):
                return
        self._in_own_transaction(self._tell_of_trouble)

    @api.model
    def _due(self):
        """Return the sources that are due, the longest untried first.

        So one that ends its worker each time keeps no other from its turn.
        """
        return self.search(
            Domain("next_run", "<=", fields.Datetime.now())
            & Domain("kind", "in", self._fetched_kinds()),
            order="begun_at asc nulls first, next_run, id",
        )

    def _fetch_alone(self):
        """Fetch a due source unless another worker does, or just did."""
        with self._lock(self.id) as is_mine:
            # A new transaction: in the old one, what another worker did is unseen.
            self.env["ir.cron"]._commit_progress()
            self.env.invalidate_all()
            if not (is_mine and self._is_due()):
                return
            self._in_own_transaction(self._note_begin)
            error = self.with_context(cs_commit_pages=True)._run_alone()
            self._in_own_transaction(partial(self._plan_next, error))

    def _is_due(self):
        now = fields.Datetime.now()
        return bool(self.exists()) and bool(self.next_run) and self.next_run <= now

    def _plan_next(self, error):
        """Say when the next fetch is: at its interval, or sooner after a failure.

        :param error: why this one ended, None if it went well
        """
        now = fields.Datetime.now()
        if isinstance(error, RetryLater):
            wait = timedelta(seconds=error.seconds)
        elif error and self.is_automatic:
            wait = min(FIRST_WAIT * 2 ** min(self.failures - 1, 10), LONGEST_WAIT)
        else:
            wait = self._interval() if self.is_automatic else None
        next_run = now + wait if wait is not None else False
        values = {"next_run": next_run}
        if not error:
            values["expected_at"] = next_run
        self.sudo().write(values)
        if next_run and wait < timedelta(hours=1):
            self._trigger_cron(next_run)
