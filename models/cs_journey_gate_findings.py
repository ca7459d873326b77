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
        """Return those whose customer has findings that are not settled."""
        findings = self.journey_id.account_id._unsettled_findings()
        by_account = findings.grouped("account_id")
        closed = {}
        for stage in self:
            if found := by_account.get(stage.journey_id.account_id):
                closed[stage] = self.env._(
                    "to be settled first: %(findings)s",
                    findings="; ".join(found.mapped("question_id.name")),
                )
        return closed
