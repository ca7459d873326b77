from odoo import fields, models

CADENCES = ("followup_days", "results_meeting_days", "adoption_contact_days")


class CsCadence(models.AbstractModel):
    """How often we speak with customers: said for all of a segment, a phase, or one.

    The most specific that says something wins: the customer, then the phase of its
    segment, then the segment.
    """

    _name = "cs.cadence"
    _description = "Cadence of Contact"

    followup_days = fields.Integer(
        string="Follow-up every (days)",
        aggregator=None,
        help="0: as said more generally; for a whole segment: on demand.",
    )
    results_meeting_days = fields.Integer(
        string="Results meeting every (days)",
        aggregator=None,
        help="0: as said more generally; for a whole segment: on demand.",
    )
    adoption_contact_days = fields.Integer(
        string="Contact in adoption every (days)",
        aggregator=None,
        help="0: as said more generally; for a whole segment: on demand.",
    )

    _cadences_positive = models.Constraint(
        "CHECK(followup_days >= 0 AND results_meeting_days >= 0 "
        "AND adoption_contact_days >= 0)",
        "A cadence cannot be negative.",
    )
