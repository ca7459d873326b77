from odoo import models


class CsDiagnostic(models.Model):
    """The full screen on which a diagnostic is answered, area by area."""

    _inherit = "cs.diagnostic"

    def sheet(self):
        """Return all that the screen of answers shows.

        :return: ``{"id", "name", "customer", "template", "introduction", "state",
            "level", "score", "can_write", "areas", "database"}``; an area has its
            questions, and each question its guidance, the meaning of every answer
            and what was answered so far, by whom
        """
        self.ensure_one()
        self.check_access("read")
        levels = dict(self._fields["level"]._description_selection(self.env))
        by_area = self.answer_ids.grouped("area_id")
        areas = []
        for row in self._results_by_area():
            area = self.env["cs.diagnostic.area"].browse(row["area_id"])
            row["description"] = area.description or ""
            row["rows"] = [one._sheet_row() for one in by_area[area]]
            areas.append(row)
        return {
            "id": self.id,
            "name": self.display_name,
            "customer": self.account_id.display_name,
            "account_id": self.account_id.id,
            "template": self.template_id.name,
            "introduction": self.template_id.introduction or "",
            "state": self.state,
            "score": self.score,
            "level": self.level,
            "level_name": levels.get(self.level, ""),
            "can_write": self.state == "open" and self.has_access("write"),
            "areas": areas,
            "database": self._sheet_database(),
        }

    def action_open_sheet(self):
        """Open the screen of answers."""
        self.ensure_one()
        action = self.env["ir.actions.client"]._for_xml_id(
            "customer_success.cs_diagnostic_sheet_action"
        )
        return {**action, "context": {"active_id": self.id}}

    def action_open_result(self):
        """Open the result: level, radar, findings, what to do."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_open_plan_draft(self):
        """Ask which of the proposed actions go into the plan, by whom, until when."""
        self.ensure_one()
        draft = self.env["cs.plan.draft"].create({"diagnostic_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Make the action plan"),
            "res_model": draft._name,
            "res_id": draft.id,
            "view_mode": "form",
            "target": "current",
        }

    def action_open_plans(self):
        """Open the plans made of this diagnostic."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.cs_plan_action"
        )
        action["domain"] = [("diagnostic_id", "=", self.id)]
        if len(self.plan_ids) == 1:
            action |= {"views": [(False, "form")], "res_id": self.plan_ids.id}
        return action
