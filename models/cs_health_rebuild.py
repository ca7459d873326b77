from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class CsHealthRebuild(models.Model):
    """A wish to see the past by another version of a scorecard, worked off by night.

    Day by day, each its own transaction; a run that was cut goes on.
    """

    _name = "cs.health.rebuild"
    _description = "Recomputed Past"
    _order = "id desc"
    _rec_name = "scorecard_id"

    scorecard_id = fields.Many2one(
        comodel_name="cs.scorecard", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="To", required=True)
    next_day = fields.Date(readonly=True, help="The day that is recomputed next.")
    state = fields.Selection(
        selection=[
            ("waiting", "Under way"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        default="waiting",
        required=True,
        readonly=True,
    )
    progress = fields.Float(compute="_compute_progress", help="In % of the days.")
    snapshot_count = fields.Integer(string="Snapshots", readonly=True)

    _in_order = models.Constraint(
        "CHECK(date_from <= date_to)", "The first day is not after the last one."
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

    @api.model_create_multi
    def create(self, vals_list):
        """Note the wishes and wake the scheduled action."""
        rebuilds = super().create(
            [{**vals, "next_day": vals.get("date_from")} for vals in vals_list]
        )
        for rebuild in rebuilds:
            if rebuild.date_to >= self.env["cs.account"]._today(rebuild.company_id):
                raise UserError(self.env._("Only days that have passed."))
        # sudo: who may wish it need not see scheduled actions
        self.env.ref("customer_success.ir_cron_rebuild_health").sudo()._trigger()
        return rebuilds

    def action_cancel(self):
        """Stop it; what is recomputed stays."""
        self.filtered(lambda one: one.state == "waiting").write({"state": "cancelled"})

    @api.model
    def _cron_rebuild(self):
        """Recompute the wished days, the oldest wish first."""
        while rebuild := self.search([("state", "=", "waiting")], order="id", limit=1):
            rebuild._rebuild_next_day()
            remaining = self.search_count([("state", "=", "waiting")])
            if not self.env["ir.cron"]._commit_progress(1, remaining=remaining):
                return

    def _rebuild_next_day(self):
        self.ensure_one()
        accounts = self.env["cs.account"].search(
            [("company_id", "=", self.company_id.id)]
        )
        # Of no customers would mean of all of them, in every company.
        if accounts:
            self.snapshot_count += accounts._rebuild_history(
                self.next_day, self.next_day, self.scorecard_id
            )
        self.next_day += timedelta(days=1)
        if self.next_day > self.date_to:
            self.state = "done"
