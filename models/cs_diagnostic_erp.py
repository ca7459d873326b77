from odoo import fields, models


class CsDiagnosticErp(models.Model):
    """A system that customers run: its databases are all read the same way."""

    _name = "cs.diagnostic.erp"
    _description = "ERP of Customers"
    _order = "sequence, id"

    name = fields.Char(
        required=True,
        translate=True,
        help="With its versions, where their tables differ.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    probe_ids = fields.One2many(
        comodel_name="cs.diagnostic.probe", inverse_name="erp_id", string="Probes"
    )
    probe_count = fields.Integer(
        string="Number of probes", compute="_compute_probe_count"
    )

    def _compute_probe_count(self):
        counts = dict(
            self.env["cs.diagnostic.probe"]._read_group(
                [("erp_id", "in", self.ids)], ["erp_id"], ["__count"]
            )
        )
        for erp in self:
            erp.probe_count = counts.get(erp, 0)
