from odoo import api, fields, models
from odoo.tools import SQL

from .cs_task import PENDING

#: Domain of the tasks that somebody has to do: the rest happens by itself.
PENDING_OF_PEOPLE = [
    ("state", "in", PENDING),
    ("kind", "not in", ("indicator", "email")),
]
COUNTS = (
    "late_task_count",
    "today_task_count",
    "open_task_count",
    "open_alert_count",
)


class CsAccount(models.Model):
    """What a customer's card tells of its work, for all cards in one query."""

    _inherit = "cs.account"

    next_task_id = fields.Many2one(
        comodel_name="cs.task",
        string="Next task",
        compute="_compute_card",
        help="The open task that is due first; with none open, the one that is "
        "planned first.",
    )
    next_step = fields.Char(string="Next step", compute="_compute_card")
    next_step_on = fields.Date(string="Next step until", compute="_compute_card")
    stage_id = fields.Many2one(
        comodel_name="cs.journey.template.stage",
        string="Journey stage",
        compute="_compute_card",
    )
    has_stage_progress = fields.Boolean(compute="_compute_card")

    @api.depends(
        "alert_ids.state",
        "journey_ids.stage_id",
        "journey_ids.state",
        "journey_ids.visit_id",
        "task_ids.date_deadline",
        "task_ids.date_planned",
        "task_ids.state",
    )
    @api.depends_context("lang")
    def _compute_card(self):
        cards = self._cards()
        for account in self:
            card = cards.get(account._origin.id, {})
            account.next_task_id = card.get("next_task_id")
            account.next_step = card.get("next_step")
            account.next_step_on = card.get("next_step_on")
            account.stage_id = card.get("stage_id")
            account.has_stage_progress = card.get("has_stage_progress")
            for name in COUNTS:
                account[name] = card.get(name, 0)

    def _cards(self):
        """Return the card of each customer: ``{account id: {field: value}}``.

        Who may read a customer may read its tasks and alerts, so the rules of the
        customers are enough.
        """
        for model in ("cs.task", "cs.alert", "cs.journey", "cs.journey.visit"):
            self.env[model].flush_model()
        ids = self._origin.ids
        if not ids:
            return {}
        # sudo: the calendars of companies whose customers may be read
        companies = self.company_id.sudo()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT a.id, j.stage_id,
                       ps.id IS NOT NULL AND ps.endless IS NOT TRUE
                           AS has_stage_progress,
                       w.late_task_count, w.today_task_count, w.open_task_count,
                       al.open_alert_count,
                       n.next_task_id, n.next_step, n.next_step_on
                  FROM cs_account a
                  LEFT JOIN LATERAL (%(journey)s) j ON TRUE
                  LEFT JOIN cs_journey_visit v ON v.id = j.visit_id
                  LEFT JOIN cs_journey_stage ps ON ps.id = v.planned_stage_id
                 CROSS JOIN LATERAL (%(tasks)s) w
                 CROSS JOIN LATERAL (%(alerts)s) al
                  LEFT JOIN LATERAL (%(next)s) n ON TRUE
                 WHERE a.id IN %(ids)s
                """,
                journey=self._sql_lifecycle(),
                next=self._sql_next_step(),
                tasks=self._sql_open_tasks(
                    self._sql_today(SQL("a.company_id"), companies)
                ),
                alerts=self._sql_open_alerts(),
                ids=tuple(ids),
            )
        )
        return {row.pop("id"): row for row in rows}

    @api.model
    def _sql_open_tasks(self, today):
        """Return how many tasks of customer ``a`` are open, late, due today."""
        return SQL(
            """
            SELECT COUNT(*) AS open_task_count,
                   COUNT(*) FILTER (WHERE t.date_deadline < %(today)s)
                       AS late_task_count,
                   COUNT(*) FILTER (WHERE t.date_deadline = %(today)s)
                       AS today_task_count
              FROM cs_task t
             WHERE t.account_id = a.id AND t.state = 'open'
            """,
            today=today,
        )

    @api.model
    def _sql_open_alerts(self):
        """Return how many alerts of customer ``a`` are open: open_alert_count."""
        return SQL(
            """
            SELECT COUNT(*) AS open_alert_count
              FROM cs_alert al
             WHERE al.account_id = a.id AND al.state = 'open'
            """
        )

    @api.model
    def _sql_lifecycle(self):
        """Return where customer ``a`` is in its lifecycle: stage_id, visit_id."""
        return SQL(
            """
            SELECT j.stage_id, j.visit_id
              FROM cs_journey j
             WHERE j.account_id = a.id AND j.kind = 'lifecycle'
               AND j.state IN ('running', 'paused')
             ORDER BY j.id DESC
             LIMIT 1
            """
        )

    @api.model
    def _sql_next_step(self):
        """Return what comes next with customer ``a``, of people's tasks: the open one
        that is due first, else the one that is planned first.

        :return: an ``SQL`` of one row: next_task_id, next_step, next_step_on
        """
        return SQL(
            """
            SELECT t.id AS next_task_id, %(name)s AS next_step,
                   CASE t.state WHEN 'open' THEN t.date_deadline
                        ELSE t.date_planned END AS next_step_on
              FROM cs_task t
             WHERE t.account_id = a.id AND t.state IN ('open', 'waiting')
               AND t.kind NOT IN ('indicator', 'email')
             ORDER BY t.state = 'waiting',
                      CASE t.state WHEN 'open' THEN t.date_deadline
                           ELSE t.date_planned END NULLS LAST,
                      t.position, t.id
             LIMIT 1
            """,
            name=self.env["cs.task"]._field_to_sql("t", "name"),
        )
