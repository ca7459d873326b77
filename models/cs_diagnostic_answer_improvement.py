from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html


class CsDiagnosticAnswer(models.Model):
    """A finding goes into the queue of improvements."""

    _inherit = "cs.diagnostic.answer"

    improvement_ids = fields.One2many(
        comodel_name="cs.improvement", inverse_name="answer_id", string="In the queue"
    )

    def action_improve(self):
        """Put findings into the queue; those that are there already stay as they are.

        :return: the action that shows what the queue has of them
        :raise UserError: none of them shows something to improve
        """
        self.check_access("read")
        findings = self.filtered(lambda answer: answer._is_finding())
        if not findings:
            raise UserError(
                self.env._(
                    "There is nothing to improve here: only what is answered “Partly "
                    "done” or “Not done” goes into the queue."
                )
            )
        queue = self.env["cs.improvement"]
        queue.check_access("create")
        queued = queue.search(
            [("answer_id", "in", findings.ids), ("state", "!=", "dropped")]
        )
        missing = findings - queued.answer_id
        missing.account_id.check_access("write")
        # sudo: from which finding it comes is kept from hands; access is checked above
        made = queue.sudo().create([one._prepare_improvement() for one in missing])
        return (queued | made.sudo(False))._open()

    def _prepare_improvement(self):
        question = self.question_id
        called = question._called_actions(self.answer)
        impact = max(called.mapped("impact"), default=3)
        seen = (self.meaning, self.evidence)
        return {
            "name": question.name,
            "account_id": self.account_id.id,
            "kind": "improvement",
            "answer_id": self.id,
            "user_id": self.env.uid,
            # Impact of actions goes from 1 to 5.
            "priority": str(min(max(impact - 2, 0), 3)),
            "description": plaintext2html("\n".join(text for text in seen if text)),
        }
