from odoo import api, fields, models


class CsDiagnosticArea(models.Model):
    """A subject of a diagnostic: a corner of the radar, with its own level."""

    _name = "cs.diagnostic.area"
    _description = "Diagnostic Area"
    _inherit = ["cs.diagnostic.part"]
    _order = "sequence, id"

    template_id = fields.Many2one(
        comodel_name="cs.diagnostic.template",
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        related="template_id.company_id", store=True, index=True
    )
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    description = fields.Html(
        translate=True, help="What this area is about, and where to look in the system."
    )
    question_ids = fields.One2many(
        comodel_name="cs.diagnostic.question",
        inverse_name="area_id",
        string="Questions",
    )
    journey_task_ids = fields.Many2many(
        comodel_name="cs.journey.template.task",
        relation="cs_diagnostic_area_journey_rel",
        string="Tasks of the journey",
        help="What the journey asks to be checked here: done when the diagnostic is.",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: diagnostics that the user does not see hold the area too
        answers = self.env["cs.diagnostic.answer"].sudo()
        held = answers.search([("question_id.area_id", "in", self.ids)])
        self._refuse_to_delete_used(held.question_id.area_id)
