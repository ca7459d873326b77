from odoo import api, fields, models
from odoo.fields import Domain

from ..sources import registry


class CsMetricSource(models.Model):
    """Where facts come from, and how the last fetch went.

    How a kind fetches is a plain class in ``sources/``. While a source is active it
    owns the facts it wrote: readings of them from elsewhere are refused.
    """

    _name = "cs.metric.source"
    _description = "Source of Facts"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        selection=[("builtin", "Customer Success itself"), ("sheet", "Spreadsheet")],
        required=True,
        default="sheet",
    )
    builtin = fields.Selection(
        selection=[
            ("subscription", "Subscriptions"),
            ("contact", "Stakeholders"),
            ("interaction", "Interactions"),
            ("task", "Tasks"),
            ("account", "Customers"),
            ("journey", "Journeys"),
            ("engagement", "Features: engagement"),
        ],
        string="Counts",
        readonly=True,
        copy=False,
        help="Which of our own models is counted.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", index=True, help="Empty: of all companies."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _builtin_uniq = models.UniqueIndex(
        "(builtin) WHERE builtin IS NOT NULL", "This source exists already."
    )

    @api.model
    def _run_builtin(self, accounts=None, builtins=None):
        """Count what our own models know, and record it.

        :param accounts: the cs.account records to refresh; all without it
        :param builtins: keys of ``builtin``, only these sources; all without it
        """
        domain = Domain("kind", "=", "builtin")
        if builtins is not None:
            domain &= Domain("builtin", "in", builtins)
        # sudo: a fact is the same whoever's action refreshes it.
        for source in self.sudo().search(domain):
            registry.kind_of(source).run(accounts)
