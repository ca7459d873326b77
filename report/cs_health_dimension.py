from odoo import fields, models
from odoo.tools import SQL

from ..models.cs_scorecard_measure import DIMENSIONS


class CsHealthDimension(models.Model):
    """Points of each dimension of health, by month: where a segment is strong."""

    _name = "cs.health.dimension"
    _inherit = "cs.health.report"
    _description = "Dimensions of Health by Month"
    _auto = False

    dimension = fields.Selection(selection=DIMENSIONS, readonly=True)
    points = fields.Float(
        digits=(5, 1),
        aggregator="avg",
        readonly=True,
        help="Mean of the points (0–100) of its measures, by their weight; what was "
        "unknown and left out doesn't count.",
    )

    @property
    def _table_query(self):
        numbers = SQL(" ").join(
            SQL("WHEN %s THEN %s", dimension, number)
            for number, (dimension, _name) in enumerate(DIMENSIONS)
        )
        return SQL(
            """
            SELECT h.id * %(count)s + CASE d.dimension %(numbers)s END AS id,
                   h.month, h.account_id, h.company_id, h.csm_id, h.segment_id,
                   d.dimension, d.points
              FROM (%(monthly)s) h
              JOIN cs_health_snapshot s ON s.id = h.snapshot_id
             CROSS JOIN LATERAL (
                   SELECT m.dimension,
                          sum(l.weight * l.points) / sum(l.weight) AS points
                     FROM jsonb_to_recordset(s.lines) l (
                              measure_id int, points float8, weight float8)
                     JOIN cs_scorecard_measure m ON m.id = l.measure_id
                    WHERE l.points IS NOT NULL AND l.weight > 0
                    GROUP BY m.dimension
                   ) d
            """,
            count=len(DIMENSIONS),
            numbers=numbers,
            monthly=self._sql_monthly(),
        )
