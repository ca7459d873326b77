from odoo import fields, models


class CsContactRole(models.Model):
    """What a stakeholder is for us: sponsor, decision maker, key user…"""

    _name = "cs.contact.role"
    _description = "Contact Role"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    is_sponsor = fields.Boolean(
        string="Sponsors us",
        help="A customer whose known people have no such role lacks a sponsor.",
    )
