from odoo import fields, models

FINDINGS_GATE = [("findings", "Findings of the diagnostic are settled")]


class CsJourneyTemplateStage(models.Model):
    """A stage may wait until what a diagnostic found is put right."""

    _inherit = "cs.journey.template.stage"

    gate = fields.Selection(
        selection_add=FINDINGS_GATE, ondelete={"findings": "set null"}
    )


class CsJourneyStage(models.Model):
    """The gate of findings, as one journey has it."""

    _inherit = "cs.journey.stage"

    gate = fields.Selection(
        selection_add=FINDINGS_GATE, ondelete={"findings": "set null"}
    )

    def _gate_findings(self):
        """Return those whose customer has findings that are not settled.

        Of whom nothing was answered nobody knows: they wait too.
        """
        accounts = self.journey_id.account_id
        known = accounts._answers_at_gate().account_id
        by_account = accounts._unsettled_findings().grouped("account_id")
        closed = {}
        for stage in self:
            account = stage.journey_id.account_id
            if account not in known:
                closed[stage] = self.env._("no diagnostic says what is to be settled")
            elif found := by_account.get(account):
                closed[stage] = self.env._(
                    "to be settled first: %(findings)s",
                    findings="; ".join(found.mapped("question_id.name")),
                )
        return closed
