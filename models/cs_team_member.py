from odoo import fields, models


class CsTeamMember(models.Model):
    """Somebody of the customer success team, and the room they have."""

    _name = "cs.team.member"
    _description = "Customer Success Team Member"
    _order = "sequence, id"
    _rec_name = "user_id"
    _check_company_auto = True

    user_id = fields.Many2one(
        comodel_name="res.users",
        required=True,
        index=True,
        domain=[("share", "=", False)],
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
