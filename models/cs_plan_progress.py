from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import get_lang

from ..diagnostic.timeline import draw_timelines


class CsPlan(models.Model):
    """How far a plan is, and whether it is in time."""

    _inherit = "cs.plan"

    task_count = fields.Integer(string="Number of tasks", compute="_compute_progress")
    settled_task_count = fields.Integer(
        string="Tasks settled", compute="_compute_progress"
    )
    late_task_count = fields.Integer(string="Late tasks", compute="_compute_progress")
    progress = fields.Float(
        string="Progress (%)",
        compute="_compute_progress",
        digits=(5, 1),
        aggregator="avg",
        help="Share of the tasks that are done, or skipped with a reason.",
    )
    pace = fields.Selection(
        selection=[("on_time", "On time"), ("late", "Late")],
        compute="_compute_progress",
        search="_search_pace",
        help="Late: some task is behind its deadline.",
    )
    next_deadline = fields.Date(string="Next deadline", compute="_compute_progress")
    timeline = fields.Text(compute="_compute_timeline")

    @api.depends("task_ids.state", "task_ids.date_deadline", "state")
    def _compute_progress(self):
        groups = self.env["cs.task"]._read_group(
            [("plan_id", "in", self.ids), ("state", "!=", "cancelled")],
            ["plan_id", "state", "due_bucket"],
            ["__count", "date_deadline:min"],
        )
        rows = {}
        for plan, *row in groups:
            rows.setdefault(plan, []).append(row)
        for plan in self:
            mine = rows.get(plan, [])
            total = sum(count for _state, _due, count, _day in mine)
            settled = sum(row[2] for row in mine if row[0] in ("done", "skipped"))
            late = sum(row[2] for row in mine if row[1] == "late")
            plan.task_count = total
            plan.settled_task_count = settled
            plan.late_task_count = late
            plan.progress = 100.0 * settled / total if total else 0.0
            plan.pace = plan.state == "running" and ("late" if late else "on_time")
            plan.next_deadline = min(
                (row[3] for row in mine if row[0] == "open" and row[3]), default=False
            )

    @api.model
    def _search_pace(self, operator, value):
        if operator != "in":
            return NotImplemented
        running = Domain("state", "=", "running")
        late = Domain("task_ids", "any", [("due_bucket", "=", "late")])
        found = {
            "late": running & late,
            "on_time": running & ~late,
            False: ~running,
        }
        return Domain.OR(found[one] for one in value if one in found)

    @api.depends("task_ids.state", "task_ids.date_deadline", "task_ids.date_open")
    @api.depends_context("lang")
    def _compute_timeline(self):
        for plan in self:
            plan.timeline = plan._draw_timeline()

    def _draw_timeline(self):
        """Return the plan's tasks as bars between their dates, as SVG text."""
        return "".join(self._draw_timelines(self._planned_tasks(), rows=None))

    def _planned_tasks(self):
        """Return what counts of the plan's tasks, by deadline."""
        tasks = self.task_ids.filtered(lambda task: task.state != "cancelled")
        return tasks.sorted(
            lambda task: (str(task.date_deadline or "9"), task.position, task.id)
        )

    def _draw_timelines(self, tasks, rows=25):
        """Return the timeline of tasks of this plan, in pieces that share their scale.

        :param tasks: those that are drawn, in their order
        :param rows: how many tasks a piece has at most; None: one piece
        :return: list of SVG texts; empty without tasks
        """
        self.ensure_one()
        lang = get_lang(self.env)
        day_format = lang.date_format.replace("/%Y", "").replace("-%Y", "")
        bars = [
            {
                "name": task.name,
                "begin": task.date_open or task.date_deadline,
                "end": task.date_deadline,
                "state": "late" if task.due_bucket == "late" else task.state,
                "who": task.partner_id.name
                if task.responsible == "customer"
                else task.user_id.name,
            }
            for task in tasks
            if task.date_deadline
        ]
        return draw_timelines(
            bars,
            rows or len(bars),
            today=self.account_id._today(self.company_id),
            format_day=lambda day: day.strftime(day_format),
        )
