import json
import logging
import time
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..sources import registry

_logger = logging.getLogger(__name__)

#: Parameter: when the round of tonight began and which source it finished last.
ROUND = "customer_success.facts_round"
#: A round that was cut this long ago is given up, and a new one begins.
ROUND_LASTS = timedelta(hours=12)


class CsMetricSource(models.Model):
    """Where facts come from, and how the last fetch went.

    How a kind fetches is a plain class in ``sources/``. While a source is active it
    owns the facts it wrote: readings of them from elsewhere are refused.
    """

    _name = "cs.metric.source"
    _description = "Source of Facts"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        selection=[("builtin", "Customer Success itself"), ("sheet", "Spreadsheet")],
        required=True,
        default="sheet",
    )
    builtin = fields.Selection(
        selection=[
            ("subscription", "Subscriptions"),
            ("contact", "Stakeholders"),
            ("interaction", "Interactions"),
            ("task", "Tasks"),
            ("account", "Customers"),
            ("journey", "Journeys"),
            ("engagement", "Features: engagement"),
        ],
        readonly=True,
        copy=False,
        help="Which of our own models is counted.",
    )
    sheet_kind = fields.Selection(
        string="It holds",
        selection=[
            ("customers", "Customers"),
            ("subscriptions", "Subscriptions"),
            ("measurements", "Measurements"),
        ],
        default="measurements",
    )
    sheet_mapping = fields.Json(
        copy=False, help="Which column of the file holds what, as last imported."
    )
    sheet_creates_metrics = fields.Boolean(
        string="Create missing metrics",
        default=True,
        help="Names of metrics that don't exist yet become number metrics.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", index=True, help="Empty: of all companies."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    last_run = fields.Datetime(readonly=True, copy=False)
    last_result = fields.Text(readonly=True, copy=False)
    duration = fields.Float(string="Seconds", readonly=True, copy=False)
    rows_read = fields.Integer(readonly=True, copy=False)
    rows_recorded = fields.Integer(readonly=True, copy=False)
    rows_unchanged = fields.Integer(readonly=True, copy=False)
    rows_bad = fields.Integer(string="Rows refused", readonly=True, copy=False)

    _builtin_uniq = models.UniqueIndex(
        "(builtin) WHERE builtin IS NOT NULL", "This source exists already."
    )

    @api.model
    def _run_builtin(self, accounts=None, builtins=None):
        """Count what our own models know, and record it.

        :param accounts: the cs.account records to refresh; all without it
        :param builtins: keys of ``builtin``, only these sources; all without it
        """
        domain = Domain("kind", "=", "builtin")
        if builtins is not None:
            domain &= Domain("builtin", "in", builtins)
        # sudo: a fact is the same whoever's action refreshes it.
        for source in self.sudo().search(domain):
            registry.kind_of(source).run(accounts)

    def action_run(self):
        """Fetch now, and keep how it went."""
        self.check_access("write")
        for source in self:
            source._run()

    def action_import_sheet(self):
        """Open the import of a spreadsheet with this source chosen."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.cs_sheet_import_action"
        )
        action["context"] = {"default_source_id": self.id}
        return action

    def _run(self):
        """Fetch everything of one source and note the result on it."""
        self.ensure_one()
        begun = time.monotonic()
        result = registry.kind_of(self).run()
        self._note(result, time.monotonic() - begun)

    def _note(self, result, seconds):
        """Keep the outcome of a run.

        :param result: dict of read, recorded, unchanged, bad
        :param seconds: how long it took
        """
        # sudo: the outcome is the machine's note, not an edit of the source.
        self.sudo().write(
            {
                "last_run": fields.Datetime.now(),
                "last_result": self.env._(
                    "%(recorded)s recorded, %(unchanged)s unchanged, %(bad)s refused",
                    recorded=result["recorded"],
                    unchanged=result["unchanged"],
                    bad=result["bad"],
                ),
                "duration": seconds,
                "rows_read": result["read"],
                "rows_recorded": result["recorded"],
                "rows_unchanged": result["unchanged"],
                "rows_bad": result["bad"],
            }
        )

    @api.model
    def _cron_refresh_facts(self):
        """Nightly: subscriptions move on, every source fetches, accounts follow.

        One round of them all; a call that runs out of time ends after a source, the
        next one goes on from there.
        """
        progress = self.env["ir.cron"]
        parameters = self.env["ir.config_parameter"].sudo()
        begun, after = self._round_so_far()
        sources = self.search(
            [("kind", "=", "builtin"), ("id", ">", after)], order="id"
        )
        self.env["cs.subscription"]._renew_automatically()
        progress._commit_progress(remaining=len(sources) + 1)
        for source in sources:
            source._run_alone()
            so_far = [fields.Datetime.to_string(begun), source.id]
            parameters.set_param(ROUND, json.dumps(so_far))
            if not progress._commit_progress(1):
                return
        self.env["cs.account"]._update_churn()
        parameters.set_param(ROUND, False)
        progress._commit_progress(1, remaining=0)

    def _round_so_far(self):
        """Return when the present round began, and the id of its last source."""
        now = fields.Datetime.now()
        so_far = self.env["ir.config_parameter"].sudo().get_param(ROUND)
        if so_far:
            begun, after = json.loads(so_far)
            begun = fields.Datetime.to_datetime(begun)
            if now - begun < ROUND_LASTS:
                return begun, after
        return now, 0

    def _run_alone(self):
        """Fetch; a source that fails is noted and stops no other."""
        try:
            self._run()
        except Exception as error:
            self.env.cr.rollback()
            _logger.exception("Source %s failed", self.id)
            self.write({"last_run": fields.Datetime.now(), "last_result": str(error)})
