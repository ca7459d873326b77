from odoo import api, fields, models

#: What an activity has from its task.
FOLLOWED = ("date_deadline", "user_id")


class CsTask(models.Model):
    """A task may be an Odoo activity too: they end together, both ways."""

    _inherit = "cs.task"

    own_activity_ids = fields.One2many(
        comodel_name="mail.activity", inverse_name="cs_task_id", string="Its activity"
    )

    @api.model_create_multi
    def create(self, vals_list):
        tasks = super().create(vals_list)
        tasks.filtered(lambda task: task._opens_by_hand())._after_open_by_hand()
        return tasks

    def _opens_by_hand(self):
        return self.state == "open" and not self.journey_id

    def _after_open_by_hand(self):
        """Do for tasks made by hand what the engine does for those it opens.

        An e-mail or a survey is sent when its author says so: it may not be whole yet.
        """
        tasks = self._engine()
        tasks._plan_activities()
        tasks.filtered("is_of_customer")._queue()

    def write(self, vals):
        """Let the activities follow their tasks."""
        result = super().write(vals)
        if not self._moves_activity().isdisjoint(vals):
            self._engine()._refresh_activities()
        return result

    @api.model
    def _moves_activity(self):
        return {*FOLLOWED, "duration_days", "plan_activity"}

    def _after_open(self):
        res = super()._after_open()
        self._plan_activities()
        return res

    def _after_settle(self):
        res = super()._after_settle()
        self._end_activities()
        return res

    def _after_pause(self):
        res = super()._after_pause()
        # Nothing is to be done, nor late, until the journey goes on.
        self.own_activity_ids.unlink()
        return res

    def _after_resume(self):
        res = super()._after_resume()
        self.filtered(lambda task: task.state == "open")._plan_activities()
        return res

    def _wants_activity(self):
        return (
            self.state == "open"
            and bool(self.user_id)
            and (self.plan_activity or self.user_id.cs_plan_activities)
            and self.user_id.has_group("customer_success.group_cs_user")
        )

    def _plan_activities(self):
        """Plan an activity for those of these open tasks that want one."""
        wanted = self.filtered(
            lambda task: task._wants_activity() and not task.own_activity_ids
        )
        # The list of activities is where it is seen: no e-mail for each of them.
        activities = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True, cs_task_follows=True
        )
        activities.create([task._prepare_activity_values() for task in wanted])

    def _prepare_activity_values(self):
        speaking = self.with_context(lang=self.user_id.lang or self.env.lang)
        return {
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
            "cs_task_id": self.id,
            "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
            "summary": speaking.name,
            "user_id": self.user_id.id,
            "date_deadline": self._activity_day(),
            "automated": True,
        }

    def _activity_day(self):
        return self.date_deadline or self.env["cs.account"]._today(self.company_id)

    def _refresh_activities(self):
        """Let the activities have the day and the person of their open tasks."""
        for task in self.filtered(lambda task: task.state == "open"):
            activity = task.own_activity_ids
            if activity and not task._wants_activity():
                activity.unlink()
            elif activity:
                activity._cs_follow_task()
        self._plan_activities()

    def _end_activities(self):
        """End the activities of tasks that were settled."""
        # One marked as done is archived: it is what settled the task.
        activities = self.env["mail.activity"].search([("cs_task_id", "in", self.ids)])
        done = activities.filtered(lambda one: one.cs_task_id.state == "done")
        (activities - done).unlink()
        if done:
            done._action_done()
