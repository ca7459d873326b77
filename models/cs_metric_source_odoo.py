from odoo import api, fields, models

from ..sources import registry


class CsMetricSource(models.Model):
    """What is counted of the records of an app of this Odoo."""

    _inherit = "cs.metric.source"

    kind = fields.Selection(
        selection_add=[("odoo", "Records of this Odoo")], ondelete={"odoo": "cascade"}
    )
    # Not cascade: with its app gone the source says so, instead of being gone itself.
    model_id = fields.Many2one(
        comodel_name="ir.model",
        string="Records",
        ondelete="set null",
        domain=[("transient", "=", False), ("abstract", "=", False)],
        help="Whose records are counted: tickets, invoices, tasks… Those you may read.",
    )
    model_name = fields.Char(
        string="Model",
        compute="_compute_model_name",
        store=True,
        compute_sudo=True,
        export_string_translation=False,
    )
    domain = fields.Char(
        string="Which of them",
        default="[]",
        help="Archived records count only where this asks for them.",
    )
    partner_path = fields.Char(
        string="Path to the customer",
        help="The link, or the links one after the other, from a record to a contact "
        "or a customer. A contact counts for the company it belongs to.",
    )
    date_field = fields.Char(
        string="By date",
        help="Only the records of the last days, by this date. Empty: all of them.",
    )
    window_days = fields.Integer(
        string="Last days",
        default=30,
        help="From so many days ago until today, by the calendar of the company.",
    )
    zero_when_none = fields.Boolean(
        string="0 where there is none",
        default=True,
        help="A customer without any record has 0: no ticket, no overdue invoice. "
        "Otherwise its value is unknown until the first record, and 0 only when there "
        "is none any more. It is about numbers and sums: an average or a date of no "
        "record is unknown in any case.",
    )
    counts_visible_only = fields.Boolean(
        string="Count what the owner sees",
        help="The records are counted with the rights of the owner of this source. "
        "Where rules hide some from this person the numbers could be too low, and the "
        "source stops; tick this to count what is seen nevertheless.",
    )

    proposal = fields.Char(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="Of which ready source this was made; it is not proposed again.",
    )

    _proposal_uniq = models.UniqueIndex(
        "(proposal, company_id) WHERE proposal IS NOT NULL",
        "This ready source was added already.",
    )

    @api.depends("model_id")
    def _compute_model_name(self):
        for source in self:
            # Kept when the app goes, to say which one it was.
            source.model_name = source.model_id.model or source.model_name

    @api.onchange("model_id")
    def _onchange_model_id(self):
        """Begin anew for other records; the usual way to the customer is proposed."""
        model = self.env.get(self.model_id.model or "")
        if model is None:
            return
        usual = ("partner_id", "commercial_partner_id", "account_id")
        self.partner_path = next((n for n in usual if n in model._fields), False)
        self.domain = "[]"
        self.date_field = False

    def action_find_sources(self):
        """Open what could be fetched from the apps that are installed."""
        return self.env["cs.metric.source.proposal"].action_find()

    @api.constrains(
        "model_id",
        "domain",
        "partner_path",
        "date_field",
        "window_days",
        "counts_visible_only",
        "user_id",
    )
    def _check_odoo_question(self):
        """Refuse what cannot be counted, or may not by who saves it."""
        for source in self.filtered(lambda one: one.kind == "odoo"):
            registry.kind_of(source).check()


class CsMetricSourceLine(models.Model):
    _inherit = "cs.metric.source.line"

    aggregate = fields.Selection(
        string="Value",
        selection=[
            ("count", "Number of records"),
            ("count_distinct", "Number of different"),
            ("sum", "Sum"),
            ("avg", "Average"),
            ("min", "Smallest"),
            ("max", "Largest"),
            ("newest", "Newest date"),
            ("oldest", "Oldest date"),
        ],
        default="count",
    )
    field_name = fields.Char(string="Of the field")
    model_name = fields.Char(related="source_id.model_name")

    @api.onchange("aggregate")
    def _onchange_aggregate(self):
        if self.aggregate == "count":
            self.field_name = False

    @api.constrains("aggregate", "field_name", "metric_id")
    def _check_odoo_line(self):
        self.source_id._check_odoo_question()
