from odoo import fields, models


class MailActivity(models.Model):
    """An activity planned for a task: to mark it as done concludes the task."""

    _inherit = "mail.activity"

    cs_task_id = fields.Many2one(
        comodel_name="cs.task",
        ondelete="cascade",
        index="btree_not_null",
        export_string_translation=False,
    )

    def write(self, vals):
        """Move the task with its activity."""
        result = super().write(vals)
        if not self.env.context.get("cs_task_follows"):
            moved = {
                name: vals[name]
                for name in ("date_deadline", "user_id")
                if vals.get(name)
            }
            if moved:
                self._cs_move_tasks(moved)
        return result

    def _cs_follow_task(self):
        """Take over the day and the person of the task."""
        task = self.cs_task_id
        values = {"date_deadline": task._activity_day(), "user_id": task.user_id.id}
        if (
            self.date_deadline != values["date_deadline"]
            or self.user_id != task.user_id
        ):
            self.with_context(
                cs_task_follows=True, mail_activity_quick_update=True
            ).write(values)

    def _cs_move_tasks(self, values):
        # As the user: who may not write the task may not move it by its activity.
        tasks = self.filtered("active").cs_task_id
        for task in tasks.filtered(lambda one: one.state == "open"):
            task.write(values)

    def _action_done(self, feedback=False, attachment_ids=None):
        tasks = self.filtered("active").cs_task_id
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        still_open = tasks.filtered(lambda task: task.state == "open")
        if still_open:
            # As the user: to conclude a task is what they do here.
            still_open._conclude({"notes": feedback} if feedback else None)
        return result
