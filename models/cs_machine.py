from odoo import api, fields, models
from odoo.tools import SQL

from .cs_account_nightly import RESUME_AFTER
from .cs_sheet_load import UNDER_WAY


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
    troubled_rounds = fields.Integer(string="In trouble", compute="_compute_rounds")
    night_state = fields.Selection(
        selection=[
            ("trouble", "In trouble"),
            ("never", "Not yet run"),
            ("unfinished", "Goes on"),
            ("good", "Finished"),
        ],
        compute="_compute_rounds",
    )
    night_ended_at = fields.Datetime(compute="_compute_rounds")
    ending_keys = fields.Integer(string="Keys", compute="_compute_ending_keys")

    file_count = fields.Integer(string="Files under way", compute="_compute_files")

    @property
    def _table_query(self):
        return SQL("SELECT 1 AS id")

    def _compute_display_name(self):
        for machine in self:
            machine.display_name = self.env._("Health of the machine")

    @api.depends_context("allowed_company_ids")
    def _compute_sources(self):
        sources = (
            self.env["cs.metric.source"].with_context(active_test=False).search([])
        )
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
        for machine in self:
            values, stale = self._ownerless_values(machine.source_ids)
            values += sum(machine.source_ids.mapped("value_count"))
            stale += sum(machine.source_ids.mapped("stale_count"))
            machine.value_count = values
            machine.stale_count = stale
            machine.fresh_share = 1 - stale / values if values else 0

    def _ownerless_values(self, sources):
        """Count the values that came in without a source, and the stale ones of them.

        :param sources: the cs.metric.source records that are counted otherwise
        """
        [counts] = self.env.execute_query(
            SQL(
                """
                SELECT count(*), count(*) FILTER (WHERE %s)
                  FROM %s
                 WHERE v.source_id IS NULL OR NOT v.source_id = ANY(%s)
                """,
                sources._sql_is_stale(),
                sources._sql_known_values(),
                sources.ids,
            )
        )
        return counts

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

    @api.depends_context("allowed_company_ids")
    def _compute_files(self):
        # sudo: that others import a file is no secret, what is in it is.
        files = self.env["cs.sheet.load"].sudo()
        under_way = files.search_count(
            [
                ("state", "in", UNDER_WAY),
                ("company_id", "in", self.env.companies.ids),
            ]
        )
        for machine in self:
            machine.file_count = under_way

    def _compute_rounds(self):
        rounds = self.env["cs.machine.round"].search([])
        nightly = rounds.filtered("is_nightly")
        states = set(nightly.mapped("state"))
        ended = [one.last_run for one in nightly if one.last_run]
        for machine in self:
            machine.round_ids = rounds
            machine.troubled_rounds = len(rounds._troubled())
            machine.night_ended_at = max(ended, default=False)
            if nightly._troubled():
                machine.night_state = "trouble"
            else:
                order = ("unfinished", "never", "good")
                machine.night_state = next(
                    (state for state in order if state in states), "never"
                )

    def _compute_ending_keys(self):
        keys = self.env["res.users.apikeys"]._cs_ending()
        for machine in self:
            machine.ending_keys = len(keys)

    # Where one acts

    @api.model
    def action_open(self):
        """Open the page."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Health of the machine"),
            "res_model": self._name,
            "res_id": 1,
            "view_mode": "form",
        }

    def action_sources(self):
        """Open the sources that fail or are late, all of them where none does."""
        is_troubled = self.failing_count or self.late_count
        context = {"search_default_troubled": 1} if is_troubled else {}
        return self._open("cs_metric_source_action", context=context)

    def action_backlog(self):
        """Open the sources that wait for their fetch."""
        return self._open(
            "cs_metric_source_action", [("next_run", "<=", fields.Datetime.now())]
        )

    def action_stale(self):
        """Open the values that are too old to be trusted."""
        return self._open("cs_metric_value_action", context={"search_default_stale": 1})

    def action_unmatched(self):
        """Open the names that wait for their customer."""
        return self._open("cs_metric_unmatched_action")

    def action_unscored(self):
        """Open the customers without a health."""
        return self._open(
            "cs_account_action",
            [("state", "=", "active"), ("health_band", "in", [False, "unknown"])],
        )

    def action_rounds(self):
        """Open what runs every night, and in between."""
        return self._open("cs_machine_round_action")

    def action_keys(self):
        """Open the keys of the systems that send facts."""
        return self._open("cs_ingest_key_action")

    def _open(self, name, domain=None, context=None):
        actions = self.env["ir.actions.act_window"]
        action = actions._for_xml_id(f"customer_success.{name}")
        if domain is not None:
            action["domain"] = domain
        if context is not None:
            action["context"] = context
        return action
