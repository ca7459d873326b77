from odoo import fields, models


class CsPhase(models.Model):
    """A column of the customers' kanban; every journey stage belongs to one."""

    _name = "cs.phase"
    _description = "Customer Phase"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        selection=[
            ("project", "Project"),
            ("onboarding", "Onboarding"),
            ("adoption", "Adoption"),
            ("ongoing", "Ongoing"),
            ("offboarding", "Offboarding"),
        ],
        required=True,
        help="What rules and reports mean by this column, whatever its name.",
    )
    description = fields.Text(translate=True)
    fold = fields.Boolean(
        string="Folded", help="Show the column folded in the customers' kanban."
    )
    active = fields.Boolean(default=True)
