from odoo import models


class CsAccount(models.Model):
    """The findings of the customer that have to be settled before others begin."""

    _inherit = "cs.account"

    def _unsettled_findings(self):
        """Return the findings that keep the gate closed.

        Those of the newest concluded diagnostic of each template: an earlier one says
        nothing any more. A finding is settled when all tasks that a plan has against
        it are done, or skipped with a reason.

        :return: cs.diagnostic.answer records
        """
        newest = {}
        for diagnostic in self.diagnostic_ids.filtered(
            lambda one: one.state == "done"
        ).sorted(lambda one: one._time_rank()):
            newest[diagnostic.account_id, diagnostic.template_id] = diagnostic
        findings = self.env["cs.diagnostic"].concat(*newest.values()).answer_ids
        return findings.filtered(
            lambda one: (
                one._is_finding()
                and one.question_id.closes_gate
                and not one._is_settled()
            )
        )

    def _run_at_gate(self):
        """Let the journeys that waited for findings to be settled go on."""
        journeys = self.journey_ids._engine().filtered(
            lambda one: one.state == "running"
        )
        if journeys:
            journeys._lock()
            journeys._run()
