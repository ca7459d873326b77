from odoo import models


class CsDiagnostic(models.Model):
    """All findings of a diagnostic go into the queue at once."""

    _inherit = "cs.diagnostic"

    def action_improve_findings(self):
        """Put all findings into the queue.

        :return: the action that shows them there
        """
        return self.answer_ids.action_improve()
