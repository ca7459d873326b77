from odoo import api, fields, models
from odoo.tools import SQL

from .cs_task import PENDING

#: Which cadence of the customer each value of ``recurrence_from`` means.
CADENCE_OF = {
    "adoption": "adoption_contact_days",
    "followup": "followup_days",
    "results": "results_meeting_days",
}


class CsTask(models.Model):
    """Recurring tasks that follow the customer's cadence of contact."""

    _inherit = "cs.task"

    fallback_days = fields.Integer(
        string="Days without a cadence",
        help="Where the customer has no cadence of that kind, as the template said "
        "when the journey took the task over.",
    )

    @api.model
    def _engine_fields(self):
        return super()._engine_fields() | {"fallback_days"}

    def _is_recurring(self):
        """Whether it comes again while the stage lasts, or would, on demand."""
        return bool(self.recurrence_days or self.recurrence_from)

    def _is_on_demand(self):
        """Whether its customer has no cadence, so that it opens for nobody."""
        return bool(self.recurrence_from) and not self.recurrence_days

    @api.model
    def _follow_cadences(self, journeys=None):
        """Take over the cadences of the customers, where they changed.

        A waiting occurrence moves by as many days; without a cadence it is on demand.

        :param journeys: only of these; None: of all that run
        :return: the journeys whose tasks changed
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE cs_task t
                   SET recurrence_days = n.days,
                       date_planned = CASE
                           WHEN t.previous_id IS NULL THEN t.date_planned
                           WHEN n.days > 0 THEN GREATEST(
                               t.date_planned + (n.days - t.recurrence_days),
                               %(today)s)
                       END
                  FROM (SELECT w.id, COALESCE(NULLIF(CASE w.recurrence_from
                                   %(cases)s END, 0), w.fallback_days, 0) AS days
                          FROM cs_task w
                          JOIN cs_journey j ON j.id = w.journey_id
                          JOIN cs_account a ON a.id = w.account_id
                          JOIN (%(cadences)s) c ON c.account_id = w.account_id
                         WHERE w.recurrence_from IS NOT NULL
                           AND w.state IN %(pending)s
                           AND j.state = 'running' AND %(scope)s) n
                 WHERE n.id = t.id
                   AND COALESCE(t.recurrence_days, 0) != n.days
                RETURNING t.id, t.journey_id
                """,
                today=self.env["cs.account"]._sql_today(SQL("t.company_id")),
                cases=SQL(" ").join(
                    # Without a segment its own cadence counts, and then the template's.
                    SQL(
                        "WHEN %(value)s THEN CASE WHEN a.segment_id IS NULL"
                        " THEN a.%(name)s ELSE c.%(name)s END",
                        value=value,
                        name=SQL.identifier(name),
                    )
                    for value, name in CADENCE_OF.items()
                ),
                cadences=self.env["cs.account"]._sql_cadences(),
                pending=PENDING,
                scope=SQL("TRUE")
                if journeys is None
                else SQL("w.journey_id IN %s", tuple(journeys.ids) or (0,)),
            )
        )
        tasks = self.browse(task for task, _journey in rows)
        tasks.invalidate_recordset(["recurrence_days", "date_planned"], flush=False)
        return self.env["cs.journey"].browse({journey for _task, journey in rows})
