from odoo import Command, api, fields, models
from odoo.exceptions import UserError

# What the next team cannot do without; the checklist adds to these.
DOCUMENT_FIELDS = ("history", "pains", "needs", "goals")


class CsHandoff(models.Model):
    """The one document by which sales passes a customer on to customer success."""

    _name = "cs.handoff"
    _description = "Handoff"
    _inherit = ["cs.guarded", "mail.thread", "mail.activity.mixin"]
    _guarded_fields = (
        "state",
        "send_back_reason",
        "submitted_on",
        "accepted_on",
        "accepted_by_id",
        "account_id",
    )
    _order = "submitted_on desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    lead_id = fields.Many2one(
        comodel_name="crm.lead", string="Deal", index=True, copy=False
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        ondelete="restrict",
        index=True,
        check_company=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Salesperson",
        index=True,
        default=lambda self: self.env.user,
    )
    csm_id = fields.Many2one(
        comodel_name="res.users",
        string="CSM",
        index=True,
        domain=lambda self: self.env["res.users"]._domain_of_csms("company_id"),
        help="Empty: on acceptance the CSM with most room is chosen.",
    )
    account_id = fields.Many2one(
        comodel_name="cs.account",
        string="Customer under care",
        index=True,
        copy=False,
        readonly=True,
        groups="customer_success.group_cs_user",
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("submitted", "Submitted"),
            ("sent_back", "Sent back"),
            ("accepted", "Accepted"),
        ],
        default="draft",
        required=True,
        index=True,
        tracking=True,
        group_expand=True,
    )
    send_back_reason = fields.Text(copy=False, readonly=True, tracking=True)
    submitted_on = fields.Datetime(copy=False, readonly=True)
    accepted_on = fields.Datetime(copy=False, readonly=True)
    accepted_by_id = fields.Many2one(
        comodel_name="res.users", copy=False, readonly=True
    )

    # The contract
    mrr = fields.Monetary(string="MRR", tracking=True, help="Recurring a month.")
    line_ids = fields.One2many(
        comodel_name="cs.handoff.line", inverse_name="handoff_id", string="Products"
    )
    expected_close_on = fields.Date(string="Expected close", help="From the deal.")
    contract_start_on = fields.Date(string="Contract starts")
    contract_months = fields.Integer(string="Contract term (months)", default=12)

    # Facts that decide how the customer is served
    employees = fields.Integer(
        string="Employees filing expenses", help="0: not known yet."
    )
    industry_id = fields.Many2one(comodel_name="cs.industry")
    package_id = fields.Many2one(comodel_name="cs.package")
    competitor_known = fields.Boolean(
        string="Previous vendor is known",
        help="Tick to say that the customer came from nobody, or from whom.",
    )
    competitor_id = fields.Many2one(
        comodel_name="cs.competitor", string="Came from competitor"
    )
    contact_ids = fields.One2many(
        comodel_name="cs.handoff.contact", inverse_name="handoff_id", string="Contacts"
    )

    # What sales knows
    history = fields.Html(help="How the customer came to us, and what was agreed.")
    pains = fields.Html(help="What hurts today, in the customer's words.")
    needs = fields.Html(help="What the customer needs from the product.")
    goals = fields.Html(
        string="What success is", help="What the customer calls success, and by when."
    )
    improvements = fields.Html(
        string="Improvements foreseen", help="What was promised or expected for later."
    )
    integrations = fields.Html(help="Systems to connect, flows to align.")
    item_ids = fields.One2many(
        comodel_name="cs.handoff.item",
        inverse_name="handoff_id",
        string="Checklist",
        default=lambda self: self._default_items(),
        copy=False,
    )
    completeness = fields.Float(
        string="Complete (%)", digits=(5, 0), compute="_compute_completeness"
    )
    missing = fields.Char(compute="_compute_completeness")
    is_locked = fields.Boolean(compute="_compute_is_locked")

    _lead_uniq = models.UniqueIndex(
        "(lead_id) WHERE lead_id IS NOT NULL", "This deal has been handed off already."
    )
    _mrr_positive = models.Constraint("CHECK(mrr >= 0)", "The MRR cannot be negative.")
    _employees_positive = models.Constraint(
        "CHECK(employees >= 0)", "The number of employees cannot be negative."
    )
    _contract_months_positive = models.Constraint(
        "CHECK(contract_months >= 0)", "The contract term cannot be negative."
    )

    @api.model
    def _default_items(self):
        return [
            Command.create({"name": check.name, "sequence": check.sequence})
            for check in self.env["cs.handoff.check"].search([])
        ]

    @api.constrains("csm_id", "company_id")
    def _check_csm(self):
        for handoff in self.filtered("csm_id"):
            handoff.csm_id._check_may_be_csm(handoff.company_id)

    @api.depends("partner_id")
    def _compute_name(self):
        for handoff in self:
            handoff.name = handoff.partner_id.name or self.env._("New handoff")

    @api.depends("item_ids.done", "contact_ids", "mrr", *DOCUMENT_FIELDS)
    def _compute_completeness(self):
        for handoff in self:
            missing = handoff._missing_parts()
            total = len(DOCUMENT_FIELDS) + 2 + len(handoff.item_ids)
            open_items = handoff.item_ids.filtered(lambda item: not item.done)
            done = total - len(missing) - len(open_items)
            handoff.completeness = 100 * done / total
            handoff.missing = ", ".join(missing)

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_is_locked(self):
        is_cs = self.env.user.has_group("customer_success.group_cs_user")
        for handoff in self:
            handoff.is_locked = handoff.state == "accepted" or (
                handoff.state == "submitted" and not is_cs
            )

    def _missing_parts(self):
        """Return the labels of the parts of the document that are still empty."""
        self.ensure_one()
        wanted = ("mrr", "contact_ids", *DOCUMENT_FIELDS)
        labels = self.fields_get(wanted, ["string"])
        return [
            labels[name]["string"]
            for name in wanted
            if not (
                self[name].striptags().strip()
                if name in DOCUMENT_FIELDS and self[name]
                else self[name]
            )
        ]

    @api.onchange("line_ids")
    def _onchange_line_ids(self):
        if any(self.line_ids.mapped("mrr")):
            self.mrr = sum(self.line_ids.mapped("mrr"))

    def write(self, vals):
        """Keep a document as it was submitted or accepted, but for customer success."""
        self._check_editable()
        return super().write(vals)

    def _check_editable(self):
        """Refuse changes of the document by who does not have it now.

        :raises UserError: for sales once it is submitted, for everybody once accepted
        """
        if self.env.su:
            return
        is_cs = self.env.user.has_group("customer_success.group_cs_user")
        for handoff in self:
            if handoff.state == "accepted":
                raise UserError(
                    self.env._(
                        "The handoff of %(customer)s was accepted: it stays as it is. "
                        "What changed since belongs on the customer.",
                        customer=handoff.name,
                    )
                )
            if handoff.state == "submitted" and not is_cs:
                raise UserError(
                    self.env._(
                        "The handoff of %(customer)s is with customer success now. "
                        "Write what is missing in its messages, or ask for it to be "
                        "sent back.",
                        customer=handoff.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_accepted(self):
        if any(handoff.state == "accepted" for handoff in self):
            raise UserError(
                self.env._("An accepted handoff is part of the customer's history.")
            )
