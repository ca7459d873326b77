from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

HEALTH = [
    ("failing", "Failing"),
    ("late", "Late"),
    ("never", "Not yet run"),
    ("good", "In order"),
    ("by_hand", "By hand"),
    ("off", "Archived"),
]


class CsMetricSource(models.Model):
    """Whether a source does what is expected of it."""

    _inherit = "cs.metric.source"

    health = fields.Selection(
        selection=HEALTH,
        string="State",
        compute="_compute_health",
        search="_search_health",
        help="Late: nothing came when it should have. By hand: it comes when somebody "
        "asks for it.",
    )
    fetch_state = fields.Selection(
        selection=[("waiting", "About to begin"), ("fetching", "Fetching")],
        string="Now",
        compute="_compute_fetch_state",
    )

    @api.depends(
        "active", "failures", "last_success", "expected_at", "is_automatic", "kind",
        "interval_number", "interval_type",
    )  # fmt: skip
    def _compute_health(self):
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT s.id, %s FROM cs_metric_source s WHERE s.id = ANY(%s)",
                self._sql_health(),
                self._origin.ids,
            )
        )
        health = dict(rows)
        for source in self:
            source.health = health.get(source._origin.id, "never")

    def _search_health(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.flush_model()
        rows = SQL(
            "SELECT s.id FROM cs_metric_source s WHERE %s = ANY(%s)",
            self._sql_health(),
            list(value),
        )
        return Domain("id", "in", rows)

    @api.model
    def _sql_health(self):
        """Return ``health`` in SQL, of the source ``s``."""
        return SQL(
            """
            CASE WHEN NOT s.active THEN 'off'
                 WHEN s.failures > 0 THEN 'failing'
                 WHEN %(is_late)s THEN 'late'
                 WHEN NOT %(is_scheduled)s THEN 'by_hand'
                 WHEN s.last_success IS NULL THEN 'never'
                 ELSE 'good' END
            """,
            is_late=self._sql_is_late(intervals=1),
            is_scheduled=self._sql_is_scheduled(),
        )

    @api.model
    def _sql_is_scheduled(self):
        """Return whether the source ``s`` is fetched or counted by itself."""
        return SQL(
            "(s.kind = 'builtin' OR s.is_automatic IS TRUE AND s.kind = ANY(%s))",
            self._fetched_kinds(),
        )

    @api.model
    def _sql_is_late(self, intervals):
        """Return whether nothing came from ``s`` though it was expected.

        :param intervals: so many of its intervals ago, at least an hour
        """
        return SQL(
            """
            (%(is_scheduled)s
             AND CASE WHEN s.kind = 'builtin'
                      THEN COALESCE(s.last_success, s.create_date) + INTERVAL '1 day'
                      ELSE s.expected_at END
                 + GREATEST(
                       %(intervals)s * CASE WHEN s.kind = 'builtin'
                                            THEN INTERVAL '1 day'
                                            ELSE %(interval)s END,
                       INTERVAL '1 hour')
                 < %(now)s)
            """,
            is_scheduled=self._sql_is_scheduled(),
            intervals=intervals,
            interval=SQL(
                "make_interval(mins => s.interval_number * CASE s.interval_type"
                " WHEN 'minutes' THEN 1 WHEN 'hours' THEN 60 ELSE 1440 END)"
            ),
            now=fields.Datetime.now(),
        )

    @api.depends("next_run")
    def _compute_fetch_state(self):
        now = fields.Datetime.now()
        held = self._ids_being_fetched()
        for source in self:
            is_due = source.next_run and source.next_run <= now
            if source._origin.id in held:
                source.fetch_state = "fetching"
            else:
                source.fetch_state = "waiting" if is_due else False

    def action_open(self):
        """Open this source on a page of its own."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }
