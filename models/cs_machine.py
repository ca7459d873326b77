from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .cs_account_nightly import RESUME_AFTER

#: So long before its end a key is worth a look.
KEY_ENDS_WITHIN = timedelta(days=30)


class CsMachine(models.Model):
    """Whether the facts are fresh and what makes verdicts of them runs, on one page.

    There is one of it; its figures are of the companies at hand.
    """

    _name = "cs.machine"
    _description = "Health of the Machine"
    _auto = False

    source_ids = fields.Many2many(
        comodel_name="cs.metric.source", string="Sources", compute="_compute_sources"
    )
    failing_count = fields.Integer(string="Failing", compute="_compute_sources")
    late_count = fields.Integer(string="Late", compute="_compute_sources")
    never_count = fields.Integer(string="Not yet run", compute="_compute_sources")
    good_count = fields.Integer(string="Good", compute="_compute_sources")
    due_count = fields.Integer(string="Sources waiting", compute="_compute_sources")
    fetching_count = fields.Integer(
        string="Sources under way", compute="_compute_sources"
    )

    value_count = fields.Integer(string="Values", compute="_compute_values")
    stale_count = fields.Integer(string="Stale values", compute="_compute_values")
    fresh_share = fields.Float(string="Fresh", compute="_compute_values")

    unmatched_count = fields.Integer(
        string="Names waiting", compute="_compute_unmatched"
    )
    unmatched_values = fields.Integer(
        string="Values waiting", compute="_compute_unmatched"
    )

    customer_count = fields.Integer(string="Customers", compute="_compute_customers")
    scored_count = fields.Integer(
        string="Customers with a health", compute="_compute_customers"
    )
    scored_share = fields.Float(string="With a health", compute="_compute_customers")
    unscored_tonight = fields.Integer(
        string="Customers still to judge",
        compute="_compute_customers",
        help="Of the round of tonight, which is not finished yet.",
    )

    round_ids = fields.Many2many(
        comodel_name="cs.machine.round", string="Rounds", compute="_compute_rounds"
    )
    troubled_rounds = fields.Integer(string="Rounds", compute="_compute_rounds")
    ending_keys = fields.Integer(string="Keys", compute="_compute_ending_keys")

    @property
    def _table_query(self):
        return SQL("SELECT 1 AS id")

    def _compute_display_name(self):
        for machine in self:
            machine.display_name = self.env._("Health of the machine")

    @api.depends_context("allowed_company_ids")
    def _compute_sources(self):
        sources = self.env["cs.metric.source"].with_context(active_test=False).search([])
        # Where one should look first is above.
        order = ["failing", "late", "never", "good", "by_hand", "off"]
        for machine in self:
            machine.source_ids = sources.sorted(
                lambda one: (order.index(one.health), one.sequence, one.id)
            )
            health = sources.mapped("health")
            machine.failing_count = health.count("failing")
            machine.late_count = health.count("late")
            machine.never_count = health.count("never")
            machine.good_count = health.count("good")
            machine.due_count = sources.mapped("fetch_state").count("waiting")
            machine.fetching_count = sources.mapped("fetch_state").count("fetching")

    @api.depends_context("allowed_company_ids")
    def _compute_values(self):
        # One without a source was sent by another system, or is nobody's any more.
        [(values, stale)] = self.env.execute_query(
            SQL(
                """
                SELECT count(*),
                       count(*) FILTER (
                           WHERE m.stale_after_days > 0
                             AND v.at < %s - m.stale_after_days * INTERVAL '1 day'
                       )
                  FROM %s
                """,
                fields.Datetime.now(),
                self.env["cs.metric.source"]._sql_known_values(),
            )
        )
        for machine in self:
            machine.value_count = values
            machine.stale_count = stale
            machine.fresh_share = 1 - stale / values if values else 0

    @api.depends_context("allowed_company_ids")
    def _compute_unmatched(self):
        [(names, values)] = self.env["cs.metric.unmatched"]._read_group(
            [("state", "=", "waiting")], [], ["__count", "waiting_count:sum"]
        )
        for machine in self:
            machine.unmatched_count = names
            machine.unmatched_values = values or 0

    @api.depends_context("allowed_company_ids")
    def _compute_customers(self):
        accounts = self.env["cs.account"]
        mine = [("state", "=", "active"), ("company_id", "in", self.env.companies.ids)]
        by_band = dict(accounts._read_group(mine, ["health_band"], ["__count"]))
        customers = sum(by_band.values())
        scored = sum(by_band.get(band, 0) for band in ("red", "yellow", "green"))
        # sudo: where the round of tonight stands is no secret.
        after = int(
            self.env["ir.config_parameter"].sudo().get_param(RESUME_AFTER, 0) or 0
        )
        left = accounts.search_count([*mine, ("id", ">", after)]) if after else 0
        for machine in self:
            machine.customer_count = customers
            machine.scored_count = scored
            machine.scored_share = scored / customers if customers else 0
            machine.unscored_tonight = left

    def _compute_rounds(self):
        rounds = self.env["cs.machine.round"].search([])
        for machine in self:
            machine.round_ids = rounds
            machine.troubled_rounds = len(
                rounds.filtered(lambda one: one.state in ("off", "failed", "late"))
            )
