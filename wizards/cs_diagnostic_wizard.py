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
    database_id = fields.Many2one(
        comodel_name="cs.customer.database",
        string="Customer's database",
        compute="_compute_database_id",
        store=True,
        readonly=False,
        domain="[('account_id', '=', account_id)]",
    )
    database_state = fields.Selection(related="database_id.state")
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

    @api.depends("account_id", "open_id")
    def _compute_database_id(self):
        for wizard in self:
            if wizard.open_id.database_id:
                # Its answers are of this copy: another one isn't taken unasked.
                wizard.database_id = wizard.open_id.database_id
                continue
            known = wizard.env["cs.customer.database"].search(
                [("account_id", "=", wizard.account_id.id)]
            )
            wizard.database_id = known.filtered(lambda one: one.state == "ready")[:1]

    def action_go_on(self):
        """Go on with the diagnostic that is still being answered.

        :return: the action of its screen
        """
        self.ensure_one()
        diagnostic = self.open_id or self._start()
        if self.database_id:
            diagnostic.database_id = self.database_id
        return diagnostic.action_open_sheet()

    def action_start(self):
        """Start a new one.

        :return: the action of its screen
        """
        self.ensure_one()
        return self._start().action_open_sheet()

    def _start(self):
        diagnostic = self.env["cs.diagnostic"].start(self.account_id, self.template_id)
        diagnostic.database_id = self.database_id
        return diagnostic
