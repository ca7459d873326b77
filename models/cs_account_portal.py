from odoo import api, fields, models
from odoo.fields import Domain

#: How many coming and how many past steps the customer sees.
STEPS_SHOWN = 10


class CsAccount(models.Model):
    """What the customer sees of its journey: what is marked as shown, nothing else."""

    _name = "cs.account"
    _inherit = ["cs.account", "portal.mixin"]

    def _compute_access_url(self):
        res = super()._compute_access_url()
        for account in self:
            account.access_url = f"/my/success/{account.id}"
        return res

    def action_preview_portal(self):
        """Open the page that the customer sees."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "target": "new",
            "url": self.get_portal_url(),
        }

    @api.private
    def get_customer_stages(self):
        """Return the stages that the customer sees: of each journey, in their order.

        :return: a list for each journey that shows some, the lifecycle first, of
            ``{"name", "status": passed, current or coming, "date"}``; the date it was
            left, entered, or is planned for; False when unknown
        """
        self.ensure_one()
        # sudo: the customer sees no journey, but what is marked in it as shown
        journeys = self.sudo().journey_ids.filtered(
            lambda journey: journey.state in ("running", "paused")
        )
        lines = [
            [
                {
                    "name": stage.name,
                    "status": stage.status,
                    "date": stage._customer_date(),
                }
                for stage in journey.planned_stage_ids
                if stage.visible_to_customer
            ]
            for journey in journeys.sorted(lambda one: one.kind != "lifecycle")
        ]
        return [line for line in lines if line]

    @api.private
    def get_customer_steps(self, days=90):
        """Return what the customer sees of what is to be done, and was.

        :param days: how far back what is done is shown
        :return: ``{"todo": tasks of the customer, "next", "done": lists of {"name",
            "date", "ours": bool}}``
        """
        self.ensure_one()
        # sudo: the customer sees no tasks of ours, but title and day of those shown
        tasks = self.env["cs.task"].sudo()
        # Our steps of a plan show when the plan does.
        in_the_open = Domain("plan_id", "=", False) | Domain(
            "plan_id.visible_to_customer", "=", True
        )
        shown = Domain("account_id", "=", self.id) & (
            Domain("is_of_customer", "=", True)
            | (Domain("visible_to_customer", "=", True) & in_the_open)
        )
        since = fields.Date.subtract(self._today(self.company_id), days=days)
        own = Domain("is_of_customer", "=", True)
        coming = tasks.search(
            shown
            & (Domain("state", "=", "waiting") | (Domain("state", "=", "open") & ~own))
            & tasks._domain_not_paused(),
            order="date_planned, position, id",
            limit=STEPS_SHOWN,
        )
        past = tasks.search(
            shown & Domain("state", "=", "done") & Domain("date_done", ">=", since),
            order="date_done desc, id desc",
            limit=STEPS_SHOWN,
        )
        return {
            "todo": tasks.search(
                shown & own & Domain("state", "=", "open"), order="date_deadline, id"
            ),
            "next": [step._customer_step() for step in coming],
            "done": [step._customer_step() for step in past],
        }

    def _is_served_on_portal(self):
        """Whether what is shared is open to it: a customer that left sees nothing."""
        return self.active and self.state == "active"

    @api.private
    def get_customer_plans(self, days=90):
        """Return the plans that are shared with the customer, running ones first.

        :param days: how far back those that ended are shown
        :return: list of ``{"url", "name", "until", "state", "progress": percent,
            "settled", "total", "late": counts}``
        """
        self.ensure_one()
        since = fields.Date.subtract(self._today(self.company_id), days=days)
        # sudo: the customer has no access to plans, but sees those shared with it
        plans = self.sudo().plan_ids.filtered(
            lambda plan: (
                plan._is_open_to_customer()
                and (plan.state == "running" or plan.concluded_on >= since)
            )
        )
        plans = plans.sorted(lambda plan: (plan.state != "running", -plan.id))
        return [plan._customer_line() for plan in plans]

    @api.private
    def get_customer_diagnostics(self):
        """Return the diagnostic reports that are shared with the customer.

        :return: list of ``{"id", "url", "name", "day"}``, the newest first
        """
        self.ensure_one()
        # sudo: the customer has no access to diagnostics, but to reports shared with it
        diagnostics = self.sudo().diagnostic_ids.filtered(
            lambda one: one._is_open_to_customer()
        )
        diagnostics = diagnostics.sorted(lambda one: one._time_rank(), reverse=True)
        return [diagnostic._customer_report() for diagnostic in diagnostics]

    @api.private
    def get_customer_use(self, days=30):
        """Return how much the customer uses the features of its products.

        Only what is known and fresh, the most used first.

        :param days: how far back the use is compared
        :return: list of ``{"name", "value": as text, "before": the text of what it
            was then; False where it is the same or unknown, "benefit": what the
            customer sees in it}``
        """
        self.ensure_one()
        # sudo: of the facts, the customer sees its own use and no other
        account = self.sudo()
        then = fields.Date.subtract(self._today(self.company_id), days=days)
        past = {
            line["metric"]: line["value"] for line in account.explain_engagement(then)
        }
        uses = account.feature_use_ids.filtered(lambda use: use.state == "counted")
        return [
            {
                "name": use.metric_id.name,
                "value": use.display_value,
                "before": use._display_other(past.get(use.metric_id.key)),
                "benefit": use.feature_benefit,
            }
            for use in uses.sorted("points", reverse=True)
        ]
