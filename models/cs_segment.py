import ast

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .cs_account import TOUCH_MODELS


class CsSegment(models.Model):
    """A group of customers that are served alike: touch, journey, scorecard, room.

    The first segment by sequence whose rules match takes the customer; the default
    one takes those that match none and of whom at least one fact is known.
    """

    _name = "cs.segment"
    _inherit = ["cs.match", "cs.cadence"]
    _description = "Customer Segment"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    description = fields.Text(translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    company_id = fields.Many2one(
        comodel_name="res.company", index=True, help="Empty: for every company."
    )
    is_default = fields.Boolean(
        string="Default",
        copy=False,
        help="Takes customers that match no segment before it.",
    )
    scope = fields.Char(
        default="[]",
        help="Only customers like these come in question, whatever their facts.",
    )
    rule_ids = fields.One2many(
        comodel_name="cs.segment.rule", inverse_name="segment_id", copy=True
    )
    touch_model = fields.Selection(selection=TOUCH_MODELS, default="mid", required=True)
    journey_template_id = fields.Many2one(
        comodel_name="cs.journey.template",
        domain=[("kind", "=", "lifecycle")],
        check_company=True,
        help="The journey that a new customer of this segment starts.",
    )
    scorecard_id = fields.Many2one(
        comodel_name="cs.scorecard",
        domain=[("origin_id", "=", False), ("state", "=", "published")],
        check_company=True,
        help="Empty: the default scorecard.",
    )
    customers_per_csm = fields.Integer(
        string="Customers per CSM",
        default=40,
        help="How many customers of this segment one CSM carries.",
    )
    adoption_days = fields.Integer(
        string="Adoption lasts (days)", default=45, help="Planned, for this segment."
    )
    visits_a_year = fields.Integer(
        string="On-site visits a year", help="At least so many."
    )
    implementation = fields.Text(
        translate=True, help="How customers of this segment are implemented."
    )
    phase_ids = fields.One2many(
        comodel_name="cs.segment.phase",
        inverse_name="segment_id",
        string="Cadences by phase",
        copy=True,
    )
    account_count = fields.Integer(
        string="Customers now", compute="_compute_account_count"
    )

    _customers_per_csm_positive = models.Constraint(
        "CHECK(customers_per_csm > 0)", "A CSM carries at least one customer."
    )
    _default_uniq = models.UniqueIndex(
        "(company_id) NULLS NOT DISTINCT WHERE is_default AND active",
        "There can be one default segment only.",
    )

    @api.depends("name")
    def _compute_account_count(self):
        counts = dict(
            self.env["cs.account"]._read_group(
                [("segment_id", "in", self.ids), ("state", "=", "active")],
                ["segment_id"],
                ["__count"],
            )
        )
        for segment in self:
            segment.account_count = counts.get(segment, 0)

    @api.constrains("scope")
    def _check_scope(self):
        accounts = self.env["cs.account"]
        for segment in self:
            try:
                Domain(ast.literal_eval(segment.scope or "[]")).validate(accounts)
            except (ValueError, TypeError, SyntaxError) as error:
                raise ValidationError(
                    self.env._(
                        "The scope of %(segment)s can't be read: %(error)s",
                        segment=segment.name,
                        error=error,
                    )
                ) from error

    @api.constrains("match", "match_count", "rule_ids", "is_default")
    def _check_rules(self):
        for segment in self:
            if not segment.is_default:
                segment._check_needed(segment.rule_ids)

    @api.model
    def _default_segment(self, company):
        """Return the default segment of a company, as unsegmented customers count."""
        return self.search(
            [("is_default", "=", True), ("company_id", "in", (company.id, False))],
            order="company_id, sequence",
            limit=1,
        )

    @api.ondelete(at_uninstall=False)
    def _release_customers(self):
        """Let the rules judge at once who was held in a segment that goes."""
        # sudo: whoever may delete a segment need not see its customers
        accounts = self.env["cs.account"].sudo().with_context(active_test=False)
        accounts.search([("segment_id", "in", self.ids)]).segment_held_until = False

    def _rules_needed(self):
        """Return how many rules must hold for this segment to take a customer."""
        return self._needed(self.rule_ids)

    def action_open_accounts(self):
        """Open the customers of this segment."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.cs_account_action"
        )
        return {**action, "domain": [("segment_id", "=", self.id)]}
