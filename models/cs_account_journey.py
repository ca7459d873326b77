import operator as op

from odoo import api, fields, models
from odoo.fields import Domain

from .cs_task import PENDING

COMPARISONS = {
    "in": lambda count, values: count in values,
    "<": op.lt,
    ">": op.gt,
    "<=": op.le,
    ">=": op.ge,
}


class CsAccount(models.Model):
    """The customer's work: its journeys, its tasks, and how late they are."""

    _inherit = "cs.account"

    journey_ids = fields.One2many(
        comodel_name="cs.journey", inverse_name="account_id", string="Journeys"
    )
    lifecycle_journey_id = fields.Many2one(
        comodel_name="cs.journey",
        compute="_compute_lifecycle_journey_id",
        help="The journey that moves this customer from phase to phase.",
    )
    task_ids = fields.One2many(
        comodel_name="cs.task", inverse_name="account_id", string="Tasks"
    )
    pending_task_ids = fields.One2many(
        comodel_name="cs.task",
        inverse_name="account_id",
        string="Open and waiting tasks",
        domain=[("state", "in", PENDING)],
    )
    settled_task_ids = fields.One2many(
        comodel_name="cs.task",
        inverse_name="account_id",
        string="Settled tasks",
        domain=[("state", "not in", PENDING)],
    )
    interaction_ids = fields.One2many(
        comodel_name="cs.interaction", inverse_name="account_id", string="Interactions"
    )
    late_task_count = fields.Integer(
        string="Late tasks",
        compute="_compute_card",
        search="_search_late_task_count",
    )
    today_task_count = fields.Integer(
        string="Tasks due today",
        compute="_compute_card",
        search="_search_today_task_count",
    )
    open_task_count = fields.Integer(
        string="Open tasks",
        compute="_compute_card",
        search="_search_open_task_count",
    )

    @api.depends("journey_ids.state")
    def _compute_lifecycle_journey_id(self):
        journeys = self.env["cs.journey"].search(
            [
                ("account_id", "in", self.ids),
                ("kind", "=", "lifecycle"),
                ("state", "in", ("running", "paused")),
            ]
        )
        by_account = {journey.account_id.id: journey for journey in journeys}
        for account in self:
            account.lifecycle_journey_id = by_account.get(account.id)

    @api.model
    def _search_late_task_count(self, operator, value):
        return self._search_task_count([("due_bucket", "=", "late")], operator, value)

    @api.model
    def _search_today_task_count(self, operator, value):
        return self._search_task_count([("due_bucket", "=", "today")], operator, value)

    @api.model
    def _search_open_task_count(self, operator, value):
        return self._search_task_count([("state", "=", "open")], operator, value)

    @api.model
    def _search_task_count(self, domain, operator, value):
        """Find customers by how many tasks of ``domain`` they have."""
        return self._search_count("cs.task", domain, operator, value)

    @api.model
    def _search_count(self, model, domain, operator, value):
        """Find customers by how many records of a model's ``domain`` they have."""
        if operator not in COMPARISONS:
            return NotImplemented
        compare = COMPARISONS[operator]
        records = self.env[model]
        groups = records._read_group(domain, ["account_id"], ["__count"])
        found = Domain(
            "id", "in", [account.id for account, n in groups if compare(n, value)]
        )
        if compare(0, value):
            # Customers without any such record are in no group.
            found |= Domain(
                "id", "not in", records._search(domain).subselect("account_id")
            )
        return found

    def write(self, vals):
        """Let the tasks of the CSM follow when the customer gets another one."""
        if "csm_id" not in vals:
            return super().write(vals)
        before = self.grouped("csm_id")
        result = super().write(vals)
        for former, accounts in before.items():
            moved = accounts.filtered(lambda one, former=former: one.csm_id != former)
            moved._hand_tasks_to_csm(former)
        return result

    def _hand_tasks_to_csm(self, former):
        """Give the tasks of the CSM before, or of nobody; those of helpers stay."""
        tasks = (
            self.env["cs.task"]
            ._engine()
            .search(
                [
                    ("account_id", "in", self.ids),
                    ("responsible", "=", "csm"),
                    ("state", "in", PENDING),
                    ("user_id", "in", [*former.ids, False]),
                ]
            )
        )
        for csm, accounts in self.grouped("csm_id").items():
            tasks.filtered(lambda one, mine=accounts: one.account_id in mine).write(
                {"user_id": csm.id}
            )

    def start_journey(self, template):
        """Start a journey with this customer.

        The template's stages and tasks are copied: what is edited there later does
        not touch this journey. The first position opens today.

        :param template: a cs.journey.template, or its id
        :return: the new cs.journey
        :raise UserError: a lifecycle runs already, or this very template does, or it
            is of another company or empty
        :raise AccessError: the user may not write the customer
        """
        self.ensure_one()
        self.check_access("write")
        template = self.env["cs.journey.template"].browse(
            template if isinstance(template, int) else template.ids
        )
        template.check_access("read")
        return self.env["cs.journey"]._start_journeys(self, template)

    def _settle_tasks_closed_by(self, event):
        """Conclude the pending tasks that an event closes, in running journeys.

        Checks no access: who makes the event happen has.

        :param event: a value of ``closed_by``: ``handoff_accepted``
        :return: the concluded tasks
        """
        tasks = (
            self.env["cs.task"]
            ._engine()
            .search(
                [
                    ("account_id", "in", self.ids),
                    ("closed_by", "=", event),
                    ("state", "in", PENDING),
                    ("journey_id.state", "=", "running"),
                ]
            )
        )
        tasks.journey_id._lock()
        tasks._settle("done")
        tasks._go_on()
        return tasks.with_env(self.env)
