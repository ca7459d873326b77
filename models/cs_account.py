from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

TOUCH_MODELS = [
    ("tech", "Tech-touch"),
    ("low", "Low-touch"),
    ("mid", "Mid-touch"),
    ("high", "High-touch"),
    ("exclusive", "Exclusive-touch"),
]
HEALTH_BANDS = [
    ("red", "Red"),
    ("yellow", "Yellow"),
    ("green", "Green"),
    ("unknown", "Unknown"),
]
NPS_CLASSES = [
    ("promoter", "Promoter"),
    ("passive", "Passive"),
    ("detractor", "Detractor"),
]
MOODS = [
    ("1", "Very unhappy"),
    ("2", "Unhappy"),
    ("3", "Neutral"),
    ("4", "Happy"),
    ("5", "Very happy"),
]


class CsAccount(models.Model):
    """A customer under care: one per commercial partner and company.

    Segment, phase, health and counts are verdicts that other models compute and
    mirror here, so that a portfolio is one flat table to filter and sort.
    """

    _name = "cs.account"
    _description = "Customer"
    _inherit = ["cs.guarded", "cs.cadence", "mail.thread", "mail.activity.mixin"]
    _order = "mrr desc, id desc"
    _rec_names_search = ["partner_id"]
    _check_company_auto = True
    _guarded_fields = (
        "state",
        "churned_on",
        "active_since",
        "segment_id",
        "segment_provisional",
        "segment_facts",
        "segment_computed_id",
        "segment_held_until",
        "segment_lock_reason",
        "segment_locked_until",
        "segment_locked_by_id",
        "phase_id",
        "phase_entered_on",
        "phase_deadline",
        "pace",
        "mrr",
        "renewal_on",
        "health_score",
        "health_computed",
        "health_band",
        "health_coverage",
        "health_trend",
        "health_band_reason",
        "health_scorecard_id",
        "health_override_id",
        "health_judged_at",
        "health_valid_until",
        "nps",
        "nps_class",
        "mood",
        "last_interaction_on",
        "stage_progress",
        "next_followup_on",
        "next_results_meeting_on",
        "first_value_on",
        "last_value_on",
        "ttv_days",
        "cpv_days",
    )

    active = fields.Boolean(default=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        ondelete="restrict",
        domain="[('parent_id', '=', False)]",
        check_company=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    csm_id = fields.Many2one(
        comodel_name="res.users",
        string="CSM",
        index=True,
        tracking=True,
        domain=lambda self: self.env["res.users"]._domain_of_csms("company_id"),
        help="Customer success manager: whose portfolio this customer is in.",
    )
    state = fields.Selection(
        selection=[("active", "Active"), ("churned", "Churned")],
        default="active",
        required=True,
        index=True,
        tracking=True,
    )
    churned_on = fields.Date(string="Left on", copy=False)
    churn_reason_id = fields.Many2one(comodel_name="cs.churn.reason")

    segment_id = fields.Many2one(
        comodel_name="cs.segment", index=True, copy=False, check_company=True
    )
    segment_provisional = fields.Boolean(
        copy=False, help="Facts that are still unknown could change the segment."
    )
    touch_model = fields.Selection(selection=TOUCH_MODELS)

    phase_id = fields.Many2one(
        comodel_name="cs.phase",
        index=True,
        copy=False,
        group_expand="_expand_phases",
        falsy_value_label=_lt(  # pylint: disable=translation-field
            "No journey yet"
        ),
    )
    phase_entered_on = fields.Date(string="In this phase since", copy=False)
    phase_deadline = fields.Date(string="Phase planned until", copy=False)
    pace = fields.Selection(
        selection=[
            ("on_track", "On track"),
            ("behind", "Behind"),
            ("stuck", "Stuck"),
        ],
        copy=False,
    )

    industry_id = fields.Many2one(comodel_name="cs.industry")
    package_id = fields.Many2one(comodel_name="cs.package")
    competitor_id = fields.Many2one(
        comodel_name="cs.competitor", string="Came from competitor"
    )

    mrr = fields.Monetary(string="MRR", copy=False, help="Monthly recurring revenue.")
    renewal_on = fields.Date(string="Renewal", copy=False)

    health_score = fields.Float(digits=(5, 1), aggregator="avg", copy=False)
    health_computed = fields.Float(digits=(5, 1), aggregator="avg", copy=False)
    health_band = fields.Selection(
        selection=HEALTH_BANDS, default="unknown", required=True, copy=False, index=True
    )
    health_coverage = fields.Float(
        digits=(5, 1),
        aggregator="avg",
        copy=False,
        help="Share (%) of the scorecard's weight that has fresh values.",
    )
    health_trend = fields.Float(
        digits=(5, 1),
        aggregator="avg",
        copy=False,
        help="Points gained or lost in 30 days.",
    )

    nps = fields.Float(
        string="NPS",
        digits=(3, 0),
        aggregator="avg",
        copy=False,
        help="The last answer to the NPS question, 0 to 10.",
    )
    nps_class = fields.Selection(
        selection=NPS_CLASSES,
        string="NPS class",
        copy=False,
        index="btree_not_null",
        help="Promoter from 9, passive 7 and 8, detractor up to 6. Empty: no answer.",
    )
    mood = fields.Selection(
        selection=MOODS, copy=False, help="Mood in the last interaction."
    )
    last_interaction_on = fields.Date(string="Last interaction", copy=False)

    stage_progress = fields.Float(
        string="Stage progress (%)",
        digits=(5, 1),
        aggregator="avg",
        copy=False,
        help="Share of this stage's tasks that are done.",
    )
    contact_ids = fields.One2many(
        comodel_name="cs.contact", inverse_name="account_id", string="Contacts"
    )

    _partner_company_uniq = models.UniqueIndex(
        "(partner_id, company_id)",
        "This company already follows that customer.",
    )
    # The first cards of each column of the board, without sorting all customers.
    _board_idx = models.Index(
        "(phase_id, mrr DESC, id DESC) WHERE active IS TRUE AND state = 'active'"
    )

    @api.model
    def _expand_phases(self, phases, domain):
        """Show all phases, with what a column's head tells, read at once."""
        return phases.search_fetch([], ["name", "fold"])

    @api.depends("partner_id")
    def _compute_display_name(self):
        for account in self:
            account.display_name = account.partner_id.display_name or ""

    @api.constrains("partner_id")
    def _check_partner_is_commercial(self):
        for account in self:
            partner = account.partner_id
            if partner != partner.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a contact of %(customer)s. Put the company "
                        "itself under customer success.",
                        contact=partner.display_name,
                        customer=partner.commercial_partner_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Create accounts; a contact given as customer stands for its company."""
        for vals in vals_list:
            if vals.get("partner_id"):
                partner = self.env["res.partner"].browse(vals["partner_id"])
                vals["partner_id"] = partner.commercial_partner_id.id
        return super().create(vals_list)

    def write(self, vals):
        if "company_id" in vals and any(
            account.company_id.id != vals["company_id"] for account in self
        ):
            raise ValidationError(
                self.env._(
                    "A customer cannot move to another company: its money and "
                    "history are in this one. Create it in the other company."
                )
            )
        return super().write(vals)
