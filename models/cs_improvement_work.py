from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from .cs_task import PENDING as TASK_PENDING

#: Days that a task may take when nobody said until when.
TASK_DAYS = 14


class CsImprovement(models.Model):
    """How an improvement becomes work, and ends when the work does."""

    _inherit = "cs.improvement"

    task_state = fields.Selection(related="task_id.state", string="State of the task")
    lead_outcome = fields.Char(
        string="State of the opportunity",
        compute="_compute_lead_outcome",
        # A CSM follows what became of the idea without any right on sales.
        compute_sudo=True,
    )

    @api.depends("lead_id.stage_id", "lead_id.won_status", "lead_id.lost_reason_id")
    def _compute_lead_outcome(self):
        for one in self:
            lead = one.lead_id
            if lead.won_status == "lost":
                why = lead.lost_reason_id.name
                lost = self.env._("Lost")
                one.lead_outcome = f"{lost}: {why}" if why else lost
            else:
                one.lead_outcome = lead.stage_id.name

    # A task of its owner, or of the CSM

    def action_make_task(self):
        """Make a task of each: for its owner, or the CSM where nobody owns it.

        :return: True
        :raise UserError: one has ended, or is a task or an opportunity already
        """
        self._check_may_become_work()
        for one in self:
            task = self.env["cs.task"].create(one._prepare_task())
            one._set("doing", task_id=task.id)
        return True

    def _prepare_task(self):
        today = self.account_id._today(self.company_id)
        days = (self.due_on - today).days if self.due_on else TASK_DAYS
        by_csm = self.user_id in (self.csm_id, self.env["res.users"])
        return {
            "name": self.name,
            "account_id": self.account_id.id,
            "description": self.description,
            "responsible": "csm" if by_csm else "user",
            "user_id": (self.csm_id if by_csm else self.user_id).id,
            "duration_days": max(days, 0),
        }

    # An opportunity, which is sold by others

    def action_make_lead(self):
        """Make a CRM opportunity of each cross-sell idea.

        :return: True
        :raise UserError: one is no cross-sell idea, has ended, or is work already
        :raise AccessError: the user may not write it
        """
        self._check_may_become_work()
        for one in self:
            if one.kind != "cross_sell":
                raise UserError(
                    self.env._(
                        "%(improvement)s is no cross-sell idea, so there is nothing to "
                        "sell. Change its kind, or make a task of it.",
                        improvement=one.name,
                    )
                )
            # sudo: who follows customers has no rights in sales; that the user may
            # write this idea is checked above, and only this one lead is made
            lead = self.env["crm.lead"].sudo().create(one._prepare_lead())
            one._set("doing", lead_id=lead.id)
            lead._message_log(body=one._say_origin())
        return True

    def _prepare_lead(self):
        monthly = self.env.ref("crm.crm_recurring_plan_monthly", False)
        return {
            "type": "opportunity",
            "name": self.name,
            "partner_id": self.account_id.partner_id.id,
            "company_id": self.company_id.id,
            "user_id": self._salesperson().id,
            "description": self.description,
            "recurring_revenue": self.expected_mrr if monthly else 0.0,
            "recurring_plan": monthly.id if monthly and self.expected_mrr else False,
            "priority": self.priority,
        }

    def _salesperson(self):
        """Return who sells to this customer; nobody: the sales team takes it."""
        # sudo: a seller of another company is not seen, and is not chosen
        seller = self.sudo().account_id.partner_id.user_id.filtered(self._may_sell)
        if not seller and self.env.user.has_group("sales_team.group_sale_salesman"):
            seller = self.env.user
        return seller.sudo(False)

    def _may_sell(self, user):
        self.ensure_one()
        return user.active and not user.share and self.company_id in user.company_ids

    def _say_origin(self):
        return self.env._(
            "An idea of customer success, from %(user)s, who follows %(customer)s.",
            user=self.env.user.name,
            customer=self.account_id.display_name,
        )

    # What is allowed

    def _check_may_become_work(self):
        self.check_access("write")
        self._check_pending()
        for one in self:
            if one.task_id or one.lead_id:
                raise UserError(
                    self.env._(
                        "%(improvement)s is a task or an opportunity already.",
                        improvement=one.name,
                    )
                )

    def _pending_tasks(self):
        return self.task_id.filtered(lambda task: task.state in TASK_PENDING)

    def _check_no_work_under_way(self):
        """Raise when the end of one is decided elsewhere."""
        for one in self:
            if one._pending_tasks():
                raise UserError(
                    self.env._(
                        "%(task)s is still to be done. Conclude the task, and this "
                        "ends too.",
                        task=one.task_id.name,
                    )
                )
            # sudo: only whether it is decided is looked at
            lead = one.sudo().lead_id
            if lead and lead.won_status == "pending":
                raise UserError(
                    self.env._(
                        "The opportunity %(lead)s is under way. It ends with it, won "
                        "or lost.",
                        lead=lead.name,
                    )
                )

    # What follows from the work

    @api.model
    def _follow_tasks(self, tasks):
        """End the improvements whose tasks are settled."""
        # sudo: it ends with its task, whoever settled that
        mine = self.sudo().search(
            [("task_id", "in", tasks.ids), ("state", "=", "doing")]
        )
        for one in mine:
            if one.task_id.state == "done":
                one._conclude("done")
            elif one.task_id.state not in TASK_PENDING:
                why = one.task_id.reason or self.env._("Its task was cancelled.")
                one._conclude("dropped", why)

    @api.model
    def _follow_leads(self, leads):
        """End the ideas whose opportunities are decided; go on where one is again."""
        # sudo: the salesperson who wins or loses sees nothing of the queue
        for one in self.sudo().search([("lead_id", "in", leads.ids)]):
            one._follow_lead()

    def _follow_lead(self):
        status, name = self.lead_id.won_status, self.lead_id.name
        if status == "won" and self.state != "done":
            self._conclude("done")
            text = self.env._("The opportunity %(lead)s is won.", lead=name)
        elif status == "lost" and self.state != "dropped":
            self._conclude("dropped", self.env._("The opportunity was lost."))
            text = self.env._("The opportunity %(lead)s is lost.", lead=name)
        elif status == "pending" and not self._is_pending():
            self._set("doing", reason=False, concluded_on=False)
            text = self.env._("The opportunity %(lead)s is open again.", lead=name)
        else:
            return
        people = (self.user_id | self.csm_id).partner_id
        self.message_post(body=text, partner_ids=people.ids)

    def _ask_to_tell_the_customer(self):
        """Plan for each CSM to tell the customer that what it asked for exists."""
        for one in self.filtered("csm_id"):
            one.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=one.csm_id.id,
                summary=self.env._("Tell the customer: what it asked for exists"),
                note=Markup("<p>%s</p>") % one.name,
            )
