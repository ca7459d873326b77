from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CsContact(models.Model):
    """A stakeholder: a person at the customer, and what they are for us."""

    _name = "cs.contact"
    _inherit = "cs.account.part"
    _description = "Stakeholder"
    _order = "account_id, sequence, id"
    # Whose company it is, the customer says.
    _rec_name = "name"

    sequence = fields.Integer(default=10)
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Person",
        required=True,
        ondelete="cascade",
        index=True,
    )
    name = fields.Char(related="partner_id.name", readonly=False)
    email = fields.Char(related="partner_id.email", readonly=False)
    phone = fields.Char(related="partner_id.phone", readonly=False)
    function = fields.Char(related="partner_id.function", readonly=False)
    role_id = fields.Many2one(comodel_name="cs.contact.role")
    influence = fields.Selection(
        selection=[("low", "Low"), ("medium", "Medium"), ("high", "High")],
        default="medium",
    )
    attitude = fields.Selection(
        selection=[
            ("supporter", "Supporter"),
            ("neutral", "Neutral"),
            ("critic", "Critic"),
        ],
        default="neutral",
    )
    expectations = fields.Text(help="What this person expects of us.")
    need = fields.Text(
        string="Why they need us", help="Why this person needs the product."
    )
    reports_to_id = fields.Many2one(
        comodel_name="cs.contact",
        string="Reports to",
        ondelete="set null",
        index="btree_not_null",
        domain="[('account_id', '=', account_id), ('id', '!=', id)]",
    )
    last_reached_on = fields.Date(
        string="Last reached",
        compute="_compute_last_reached_on",
        help="The day of the last interaction with this person.",
    )

    _account_partner_uniq = models.UniqueIndex(
        "(account_id, partner_id)", "This person is a contact of the customer already."
    )

    @api.constrains("reports_to_id", "account_id")
    def _check_reports_to(self):
        if self._has_cycle("reports_to_id"):
            raise ValidationError(
                self.env._("Nobody reports to themselves, not even through others.")
            )
        for person in self:
            above = person.reports_to_id
            if above and above.account_id != person.account_id:
                raise ValidationError(
                    self.env._(
                        "%(person)s can only report to somebody of the same customer.",
                        person=person.display_name,
                    )
                )

    def _compute_last_reached_on(self):
        groups = self.env["cs.interaction"]._read_group(
            [("contact_ids", "in", self.ids)], ["contact_ids"], ["date:max"]
        )
        reached = dict(groups)
        accounts = self.env["cs.account"]
        for person in self:
            moment = reached.get(person)
            person.last_reached_on = moment and accounts._local_date(
                moment, person.company_id
            )

    @api.model_create_multi
    def create(self, vals_list):
        people = super().create(vals_list)
        people._refresh_coverage(people.account_id)
        return people

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint({"role_id", "account_id", "partner_id"}):
            self._refresh_coverage(self.account_id)
        return result

    def unlink(self):
        accounts = self.account_id
        result = super().unlink()
        self._refresh_coverage(accounts)
        return result

    @api.model
    def _refresh_coverage(self, accounts):
        """Count anew whom we know and reach at these customers."""
        accounts.exists()._refresh_at_once(["contact"])
