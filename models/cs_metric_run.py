from datetime import timedelta

from odoo import api, fields, models

KEPT = timedelta(days=30)
_GC_BATCH = 10_000


class CsMetricRun(models.Model):
    """One fetch of a source: when, how long, how many rows, why it failed."""

    _name = "cs.metric.run"
    _description = "Run of a Source"
    _order = "id desc"
    _rec_name = "source_id"

    source_id = fields.Many2one(
        comodel_name="cs.metric.source", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="source_id.company_id")
    ended_at = fields.Datetime(
        default=fields.Datetime.now, required=True, readonly=True, index=True
    )
    seconds = fields.Float(readonly=True)
    rows_read = fields.Integer(readonly=True)
    rows_recorded = fields.Integer(readonly=True)
    rows_unchanged = fields.Integer(readonly=True)
    rows_waiting = fields.Integer(string="Waiting for a customer", readonly=True)
    rows_bad = fields.Integer(string="Refused", readonly=True)
    is_failed = fields.Boolean(string="Failed", readonly=True)
    reason = fields.Text(readonly=True)

    @api.autovacuum
    def _gc_runs(self):
        old = self.search(
            [("ended_at", "<", fields.Datetime.now() - KEPT)], limit=_GC_BATCH
        )
        old.unlink()
        return len(old), len(old) == _GC_BATCH
