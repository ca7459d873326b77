from odoo import api, fields, models


class CsMetricSourceLine(models.Model):
    """Which column of a source's rows is the value of which metric."""

    _name = "cs.metric.source.line"
    _description = "Value of a Source"
    _order = "sequence, id"

    source_id = fields.Many2one(
        comodel_name="cs.metric.source", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    column = fields.Char(help="The column, or the path in the row, of the value.")
    metric_id = fields.Many2one(
        comodel_name="cs.metric", required=True, ondelete="restrict"
    )

    _source_metric_uniq = models.UniqueIndex(
        "(source_id, metric_id)", "A source gives a metric once."
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.source_id._own()
        return lines

    def write(self, vals):
        result = super().write(vals)
        self.source_id._own()
        return result

    def unlink(self):
        sources = self.source_id
        result = super().unlink()
        sources._own()
        return result
