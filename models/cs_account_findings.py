from odoo import models


class CsAccount(models.Model):
    """The findings of customers that have to be settled before others begin."""

    _inherit = "cs.account"

    def _unsettled_findings(self):
        """Return the findings that keep the gate closed.

        Of each question the newest answer counts, so doing it again in a later
        diagnostic settles it too. A finding is settled when a plan has tasks against
        it, and all of them are done, or skipped with a reason.

        :return: cs.diagnostic.answer records
        """
        answers = self._answers_at_gate()
        newest = {}
        for answer in answers.sorted(lambda one: one.diagnostic_id._time_rank()):
            newest[answer.account_id, answer.question_id] = answer
        findings = (
            answers.browse()
            .concat(*newest.values())
            .filtered(lambda one: one._is_finding())
        )
        return findings - findings._settled()

    def _answers_at_gate(self):
        """Return what was answered of these customers to questions of the gate."""
        return self.env["cs.diagnostic.answer"].search(
            [
                ("account_id", "in", self.ids),
                ("question_id.closes_gate", "=", True),
                ("diagnostic_id.state", "!=", "cancelled"),
                ("answer", "!=", False),
            ]
        )

    def _run_at_gate(self):
        """Let the journeys that waited for findings to be settled go on."""
        journeys = self.journey_ids._engine().filtered(
            lambda one: one.state == "running" and one.visit_id.gate_since
        )
        if journeys:
            journeys._lock()
            journeys._run()
