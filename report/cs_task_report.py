from odoo import fields, models
from odoo.tools import SQL

from ..models.cs_task_definition import TASK_KINDS


class CsTaskReport(models.Model):
    """What is late, by who is responsible, and what was done on time.

    One row a task that is open or was done, with its deadline; tasks that were
    skipped or cancelled, and indicators, are nobody's delay. Late now: open after its
    deadline. On time: done by its deadline. Days late: how long it is late, or was
    late when it was done; 0 in time.
    """

    _name = "cs.task.report"
    _inherit = "cs.account.report"
    _description = "Late Tasks and Tasks on Time"
    _auto = False
    _order = "date_deadline desc, id desc"
    _rec_name = "task_id"
    _depends = {
        "cs.account": ["csm_id", "segment_id", "company_id", "active"],
        "cs.journey": ["template_id"],
        "cs.task": [
            "account_id",
            "kind",
            "state",
            "responsible",
            "user_id",
            "stage_id",
            "journey_id",
            "date_deadline",
            "date_done",
        ],
    }

    task_id = fields.Many2one(comodel_name="cs.task", readonly=True)
    template_id = fields.Many2one(comodel_name="cs.journey.template", readonly=True)
    stage_id = fields.Many2one(comodel_name="cs.journey.template.stage", readonly=True)
    kind = fields.Selection(selection=TASK_KINDS, readonly=True)
    state = fields.Selection(
        selection=[("open", "Open"), ("done", "Done")], readonly=True
    )
    responsible = fields.Selection(
        selection=lambda self: self.env["cs.task"]._fields["responsible"].selection,
        readonly=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Assigned to",
        readonly=True,
        help="Empty: the customer itself, or nobody yet.",
    )
    date_deadline = fields.Date(string="Deadline", readonly=True)
    date_done = fields.Date(string="Concluded on", readonly=True)
    is_late = fields.Integer(
        string="Late now", readonly=True, help="Open after its deadline."
    )
    is_done = fields.Integer(string="Done", readonly=True)
    days_late = fields.Float(
        string="Days late",
        aggregator="avg",
        digits=(16, 1),
        readonly=True,
        help="How long it is late, or was late when it was done; 0 in time. Groups "
        "show the mean.",
    )
    on_time = fields.Float(
        string="Done on time (%)",
        aggregator="avg",
        digits=(5, 1),
        readonly=True,
        help="Of the tasks that were done, the share that was done by its deadline. "
        "Open tasks do not count.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT t.id, t.id AS task_id, t.account_id,
                   t.company_id, a.csm_id, a.segment_id, j.template_id, t.stage_id,
                   t.kind, t.state, t.responsible, t.user_id, t.date_deadline,
                   t.date_done,
                   (t.state = 'open' AND t.date_deadline < %(today)s)::int AS is_late,
                   (t.state = 'done')::int AS is_done,
                   GREATEST(COALESCE(t.date_done, %(today)s) - t.date_deadline,
                            0)::float AS days_late,
                   CASE WHEN t.state = 'done'
                        THEN 100.0 * (t.date_done <= t.date_deadline)::int
                   END AS on_time
              FROM cs_task t
              JOIN cs_account a ON a.id = t.account_id
              LEFT JOIN cs_journey j ON j.id = t.journey_id
             WHERE a.active
               AND t.state IN ('open', 'done')
               AND t.kind != 'indicator'
               AND t.date_deadline IS NOT NULL
            """,
            today=self.env["cs.account"]._sql_today(SQL("t.company_id")),
        )
