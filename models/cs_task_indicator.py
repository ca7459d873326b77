from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .cs_task import PENDING


class CsTask(models.Model):
    """An indicator: a value expected of the customer, judged by the engine alone.

    It never opens: it waits for the day its stage is judged. A continuous one is
    carried into the stages that follow, as a copy in each of their visits.
    """

    _inherit = "cs.task"

    origin_stage_id = fields.Many2one(
        comodel_name="cs.journey.template.stage",
        string="Carried from",
        ondelete="restrict",
        index="btree_not_null",
        help="The earlier stage that this continuous indicator comes from.",
    )
    indicator_answer = fields.Char(
        string="Now",
        compute="_compute_indicator_answer",
        compute_sudo=True,
        help="The value as it is known now, beside the expected one.",
    )

    @api.depends("kind", "metric_id", "operator", "threshold", "state")
    @api.depends_context("lang")
    def _compute_indicator_answer(self):
        waiting = self.filtered(lambda t: t._is_indicator() and t.state in PENDING)
        seen = waiting._observe()
        for task in self:
            answer = seen.get(task.id)
            task.indicator_answer = answer and task._say_verdict(**answer)

    def _is_indicator(self):
        return self.kind == "indicator"

    @api.model
    def _engine_fields(self):
        return super()._engine_fields() | {
            "continuous",
            "origin_stage_id",
            *self._question_fields(),
        }

    @api.model
    def _sql_looks_at(self):
        # A copy in a journey asks of its own customer alone.
        return SQL("o.account_id = v.account_id")

    def _check_not_judged(self):
        """Raise when one of these is judged by the engine, not settled by people."""
        for task in self:
            if task._is_indicator():
                raise UserError(
                    self.env._(
                        "%(task)s is judged by itself when the stage is, on "
                        "%(date)s: nobody can conclude or skip it. To move the "
                        "customer all the same, advance or return the journey.",
                        task=task.name,
                        date=task.date_planned or self.env._("a day still unknown"),
                    )
                )
