from odoo import fields, models
from odoo.tools import SQL

#: What must be done every night for verdicts to be of today.
NIGHTLY = (
    "ir_cron_refresh_facts",
    "ir_cron_score",
    "ir_cron_run_alert_rules",
    "ir_cron_advance_journeys",
)


class CsMachineRound(models.Model):
    """One of our scheduled actions: when it ran, if it finished, when it is next."""

    _name = "cs.machine.round"
    _description = "Scheduled Round"
    _auto = False
    _order = "sequence, id"

    name = fields.Char(readonly=True)
    sequence = fields.Integer(readonly=True)
    is_nightly = fields.Boolean(readonly=True)
    last_run = fields.Datetime(
        readonly=True, help="When it last came to its end, well or not."
    )
    next_run = fields.Datetime(readonly=True)
    done = fields.Integer(
        readonly=True, help="What its last turn did: sources, rules or customers."
    )
    remaining = fields.Integer(
        string="Left to do", readonly=True, help="What its last turn had no time for."
    )
    state = fields.Selection(
        selection=[
            ("off", "Switched off"),
            ("failed", "Failed"),
            ("late", "Late"),
            ("unfinished", "Goes on"),
            ("never", "Not yet run"),
            ("good", "Finished"),
        ],
        readonly=True,
        help="Late: it should have begun more than an hour ago. Goes on: it had no "
        "time for all, the rest comes with its next turn.",
    )

    @property
    def _table_query(self):
        self.env["ir.cron"].flush_model()
        return SQL(
            """
            SELECT c.id, c.lastcall AS last_run, c.nextcall AS next_run,
                   d.name = ANY(%(nightly)s) AS is_nightly,
                   c.priority * 100 + c.id AS sequence,
                   COALESCE(a.name ->> %(lang)s, a.name ->> 'en_US') AS name,
                   COALESCE(p.done, 0) AS done,
                   COALESCE(p.remaining, 0) AS remaining,
                   CASE WHEN NOT c.active THEN 'off'
                        WHEN c.failure_count > 0 THEN 'failed'
                        WHEN c.nextcall < %(now)s - INTERVAL '1 hour' THEN 'late'
                        WHEN p.remaining > 0 THEN 'unfinished'
                        WHEN c.lastcall IS NULL THEN 'never'
                        ELSE 'good' END AS state
              FROM ir_cron c
              JOIN ir_act_server a ON a.id = c.ir_actions_server_id
              JOIN ir_model_data d
                ON d.model = 'ir.cron' AND d.res_id = c.id
               AND d.module = 'customer_success'
              LEFT JOIN LATERAL (
                  SELECT done, remaining
                    FROM ir_cron_progress
                   WHERE cron_id = c.id
                   ORDER BY id DESC
                   LIMIT 1
              ) p ON TRUE
            """,
            nightly=list(NIGHTLY),
            lang=self.env.lang or "en_US",
            now=fields.Datetime.now(),
        )

    def action_open(self):
        """Open the scheduled action, for who may change it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "ir.cron",
            "res_id": self.id,
            "view_mode": "form",
        }

    def _troubled(self):
        """Return those that somebody should look at."""
        return self.filtered(lambda one: one.state in ("off", "failed", "late"))
