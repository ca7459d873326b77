from odoo import models
from odoo.tools import SQL

from .cs_task_copy import insert_from


class CsJourney(models.Model):
    """How a journey gets its own copy of the template: two statements for all."""

    _inherit = "cs.journey"

    def _copy_template(self, template):
        """Give each of these journeys its copy of the template's stages and tasks.

        Set-based, since a thousand customers may start at once. Texts are copied in
        all their languages.
        """
        # Everything that the statements read, and the caches that they make stale.
        self.env.flush_all()
        self._insert_stages(template.stage_ids)
        self._insert_gate_conditions()
        self._insert_tasks(template.stage_ids)
        self.env.invalidate_all(flush=False)

    def _insert_stages(self, stages):
        columns = {
            "journey_id": SQL("j.id"),
            "company_id": SQL("j.company_id"),
            "stage_id": SQL("s.id"),
        }
        for name in self.env["cs.journey.stage"]._copied_fields():
            columns[name] = SQL.identifier("s", name)
        insert_from(
            self.env,
            "cs_journey_stage",
            columns,
            SQL(
                "cs_journey j, cs_journey_template_stage s"
                " WHERE j.id IN %s AND s.id IN %s ORDER BY j.id, s.sequence, s.id",
                tuple(self.ids),
                tuple(stages.ids),
            ),
        )

    def _insert_gate_conditions(self):
        conditions = self.env["cs.journey.gate.condition"]
        columns = {
            name: SQL.identifier("c", name) for name in conditions._question_fields()
        }
        insert_from(
            self.env,
            conditions._table,
            columns
            | {
                "planned_stage_id": SQL("s.id"),
                "account_id": SQL("j.account_id"),
                "company_id": SQL("j.company_id"),
                "sequence": SQL("c.sequence"),
            },
            SQL(
                "cs_journey j JOIN cs_journey_stage s ON s.journey_id = j.id"
                " JOIN cs_journey_template_gate_condition c ON c.stage_id = s.stage_id"
                " WHERE j.id IN %s AND s.gate = 'condition'",
                tuple(self.ids),
            ),
        )

    def _insert_tasks(self, stages):
        tasks = self.env["cs.task"]
        columns = {
            name: SQL.identifier("t", name) for name in tasks._definition_fields()
        }
        columns |= {
            "account_id": SQL("a.id"),
            "company_id": SQL("a.company_id"),
            "journey_id": SQL("j.id"),
            "stage_id": SQL("t.stage_id"),
            "template_task_id": SQL("t.id"),
            "fallback_days": SQL("t.recurrence_days"),
            "state": SQL("'waiting'"),
            "user_id": SQL(
                "CASE t.responsible WHEN 'csm' THEN a.csm_id"
                " WHEN 'user' THEN t.user_id END"
            ),
            "partner_id": SQL(
                "CASE t.responsible WHEN 'customer' THEN a.partner_id END"
            ),
        }
        insert_from(
            self.env,
            "cs_task",
            columns,
            SQL(
                "cs_journey j JOIN cs_account a ON a.id = j.account_id,"
                " cs_journey_template_task t"
                " WHERE j.id IN %s AND t.stage_id IN %s"
                " ORDER BY j.id, t.position, t.sequence, t.id",
                tuple(self.ids),
                tuple(stages.ids),
            ),
        )
