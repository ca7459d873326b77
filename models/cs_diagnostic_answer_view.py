from odoo import fields, models

from .cs_diagnostic_answer import POINTS


class CsDiagnosticAnswer(models.Model):
    """An answer as others look at it: settled, beside an earlier one, on the screen."""

    _inherit = "cs.diagnostic.answer"

    def _settled(self):
        """Return those against which a plan has tasks, all of them over."""
        tasks = self.env["cs.task"].search(
            [("finding_ids", "in", self.ids), ("state", "!=", "cancelled")]
        )
        pending = tasks.filtered(lambda task: not task._is_settled())
        return (tasks.finding_ids - pending.finding_ids) & self

    def _compare(self, before):
        """Return this answer beside an earlier one to the same question."""
        earlier, now = POINTS.get(before), POINTS.get(self.answer)
        change = None
        if earlier is not None and now is not None:
            change = (now > earlier) - (now < earlier)
        return {
            "question_id": self.question_id.id,
            "name": self.question_id.name,
            "before": before or None,
            "after": self.answer or None,
            "change": change,
        }

    def _sheet_row(self):
        question = self.question_id
        return {
            "id": self.id,
            "question": question.name,
            "guidance": question.guidance or "",
            "good": question.good or "",
            "meanings": question._meanings(),
            "answer": self.answer or "",
            "evidence": self.evidence or "",
            "files": [
                {"id": file.id, "name": file.name, "mimetype": file.mimetype}
                for file in self.attachment_ids
            ],
            "answered_by": self.answered_by_id.name or "",
            "answered_at": fields.Datetime.to_string(self.answered_at) or "",
            "proposed": self.proposed_answer or "",
            "proposed_note": self.proposed_note or "",
            "proposed_problem": self.proposed_problem or "",
            "proposed_copy_on": fields.Date.to_string(self.proposed_copy_on) or "",
            "is_accepted": self._is_proposal_accepted(),
            "has_probe": bool(self._probe_for(self.diagnostic_id.database_id)),
        }
