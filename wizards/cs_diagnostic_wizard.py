from odoo import api, fields, models


class CsDiagnosticWizard(models.TransientModel):
    """Asks for customer and template; starts a diagnostic, or goes on with an open one.

    It only drives: what it does is ``cs.diagnostic.start``.
    """

    _name = "cs.diagnostic.wizard"
    _description = "Start a Diagnostic"

    account_id = fields.Many2one(
        comodel_name="cs.account",
        string="Customer",
        required=True,
        domain="[('state', '=', 'active')]",
    )
    company_id = fields.Many2one(related="account_id.company_id")
    template_id = fields.Many2one(
        comodel_name="cs.diagnostic.template",
        required=True,
        default=lambda self: self.env["cs.diagnostic.template"].search([], limit=1),
        domain="[('company_id', 'in', [company_id, False])]",
    )
    introduction = fields.Html(related="template_id.introduction")
    open_id = fields.Many2one(
        comodel_name="cs.diagnostic",
        string="Still being answered",
        compute="_compute_open_id",
    )
    open_answered = fields.Integer(related="open_id.answered_count")
    open_questions = fields.Integer(related="open_id.answer_count")
    open_specialist_id = fields.Many2one(related="open_id.specialist_id")
    open_since = fields.Date(related="open_id.started_on")

    @api.depends("account_id", "template_id")
    def _compute_open_id(self):
        for wizard in self:
            wizard.open_id = wizard.env["cs.diagnostic"].find_open(
                wizard.account_id, wizard.template_id
            )

    def action_go_on(self):
        """Go on with the diagnostic that is still being answered.

        :return: the action of its screen
        """
        self.ensure_one()
        return (self.open_id or self._start()).action_open_sheet()

    def action_start(self):
        """Start a new one.

        :return: the action of its screen
        """
        self.ensure_one()
        return self._start().action_open_sheet()

    def _start(self):
        return self.env["cs.diagnostic"].start(self.account_id, self.template_id)
