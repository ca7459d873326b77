import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

_logger = logging.getLogger(__name__)


class CsHealthRebuild(models.Model):
    """A wish to see the past by another version of a scorecard, worked off by night.

    Day by day, each its own transaction; a run that was cut goes on. One that fails
    says why and stops no other.
    """

    _name = "cs.health.rebuild"
    _inherit = "cs.guarded"
    _description = "Recomputed Past"
    _order = "id desc"
    _rec_name = "scorecard_id"
    _guarded_fields = ("state", "next_day", "failure", "snapshot_count")

    scorecard_id = fields.Many2one(
        comodel_name="cs.scorecard", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        help="Whose customers are judged: those of the scorecard's company, if it is "
        "of one.",
    )
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="To", required=True)
    next_day = fields.Date(readonly=True, help="The day that is recomputed next.")
    state = fields.Selection(
        selection=[
            ("waiting", "Under way"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        default="waiting",
        required=True,
        readonly=True,
    )
    failure = fields.Text(string="Why it failed", readonly=True)
    progress = fields.Float(compute="_compute_progress", help="In % of the days.")
    snapshot_count = fields.Integer(string="Snapshots", readonly=True)

    _in_order = models.Constraint(
        "CHECK(date_from <= date_to)", "The first day is not after the last one."
    )

    @api.depends("scorecard_id")
    def _compute_company_id(self):
        for rebuild in self:
            rebuild.company_id = (
                rebuild.scorecard_id.company_id
                or rebuild.company_id
                or self.env.company
            )

    @api.depends("state", "next_day", "date_from", "date_to")
    def _compute_progress(self):
        for rebuild in self:
            if not (rebuild.date_from and rebuild.date_to):
                rebuild.progress = 0
                continue
            days = (rebuild.date_to - rebuild.date_from).days + 1
            done = (
                (rebuild.next_day - rebuild.date_from).days if rebuild.next_day else 0
            )
            rebuild.progress = 100 if rebuild.state == "done" else 100 * done / days

    @api.constrains("scorecard_id", "company_id")
    def _check_company_of_card(self):
        for rebuild in self:
            of_card = rebuild.scorecard_id.company_id
            if of_card and of_card != rebuild.company_id:
                raise ValidationError(
                    self.env._(
                        "The scorecard %(scorecard)s judges the customers of "
                        "%(company)s: only their past can be recomputed by it.",
                        scorecard=rebuild.scorecard_id.display_name,
                        company=of_card.name,
                    )
                )

    @api.constrains("date_to", "company_id")
    def _check_has_passed(self):
        for rebuild in self:
            today = self.env["cs.account"]._today(rebuild.company_id)
            if rebuild.date_to and rebuild.date_to >= today:
                raise ValidationError(
                    self.env._("Only days that have passed can be recomputed.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Note the wishes and wake the scheduled action."""
        rebuilds = super().create(vals_list)
        for rebuild in rebuilds.sudo():  # sudo: what follows is nobody's to write
            rebuild.next_day = rebuild.date_from
        self._wake()
        return rebuilds

    def write(self, vals):
        """Change a wish; one whose days are being recomputed stays as it is."""
        settings = {"scorecard_id", "company_id", "date_from", "date_to"}
        if not self.env.su and not settings.isdisjoint(vals):
            raise UserError(
                self.env._(
                    "What was asked for stays as it is. Stop it and write a new line."
                )
            )
        return super().write(vals)

    def _wake(self):
        # sudo: who may wish it need not see scheduled actions
        self.env.ref("customer_success.ir_cron_rebuild_health").sudo()._trigger()

    def action_cancel(self):
        """Stop it; what is recomputed stays."""
        self.check_access("write")
        # sudo: the state of the work is nobody's to write by hand
        waiting = self.sudo().filtered(lambda one: one.state == "waiting")
        waiting.write({"state": "cancelled"})

    def action_retry(self):
        """Go on with one that failed, at the day on which it did."""
        self.check_access("write")
        # sudo: as for stopping it
        failed = self.sudo().filtered(lambda one: one.state == "failed")
        failed.write({"state": "waiting", "failure": False})
        self._wake()

    # By the scheduled action

    @api.model
    def _cron_rebuild(self):
        """Recompute the wished days, the oldest wish first; two at once share them."""
        progress = self.env["ir.cron"]
        progress._commit_progress(remaining=self._backlog())
        while rebuild := self._next_waiting():
            try:
                rebuild._rebuild_next_day()
                rebuild.flush_recordset()
            except Exception as error:
                self.env.cr.rollback()
                _logger.exception("Recomputing the past failed: wish %s", rebuild.id)
                rebuild._fail(error)
            if not progress._commit_progress(1, remaining=self._backlog()):
                return

    @api.model
    def _next_waiting(self):
        waiting = self.search(Domain("state", "=", "waiting"), order="id")
        return waiting.try_lock_for_update(limit=1)

    @api.model
    def _backlog(self):
        return sum(
            (one.date_to - one.next_day).days + 1
            for one in self.search([("state", "=", "waiting")])
        )

    def _fail(self, error):
        words = str(error).strip()[:300] or type(error).__name__
        self.write(
            {
                "state": "failed",
                "failure": words
                if isinstance(error, UserError)
                else self.env._(
                    "It stopped for a reason that nobody foresaw: %(error)s",
                    error=words,
                ),
            }
        )

    def _rebuild_next_day(self):
        self.ensure_one()
        accounts = self._accounts()
        # Of no customers would mean of all of them, in every company.
        if accounts:
            if self._is_recomputed(self.next_day + timedelta(days=1)):
                accounts._keep_next_day(
                    self.company_id, accounts.ids, self.next_day, self.scorecard_id
                )
            self.snapshot_count += accounts._rebuild_history(
                self.next_day, self.next_day, self.scorecard_id
            )
        self.next_day += timedelta(days=1)
        if self.next_day > self.date_to:
            self.state = "done"

    def _is_recomputed(self, day):
        """Whether another wish recomputed a day by the same version already."""
        return bool(
            self.search_count(
                [
                    ("id", "!=", self.id),
                    ("scorecard_id", "=", self.scorecard_id.id),
                    ("company_id", "=", self.company_id.id),
                    ("date_from", "<=", day),
                    ("next_day", ">", day),
                ],
                limit=1,
            )
        )

    def _accounts(self):
        """Return whose past it is: whom a version of the scorecard judged last.

        Who left since is among them. If it judged nobody: all.
        """
        accounts = self.env["cs.account"]
        of_company = Domain("company_id", "=", self.company_id.id)
        family = self.scorecard_id._family()
        judged = Domain("health_scorecard_id", "in", family.ids)
        return accounts.search(of_company & judged) or accounts.search(of_company)
