from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# Bulk work of the engine leaves no messages, followers or tracking behind.
QUIET = {
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_auto_subscribe_no_notify": True,
    "tracking_disable": True,
}
PENDING = ("waiting", "open")


class CsTask(models.Model):
    """One thing to do for one customer: the single list that people work from.

    Tasks of a journey wait for their turn, open, and end done, skipped or cancelled;
    the engine moves them. A task may also be made by hand: it opens at once.
    """

    _name = "cs.task"
    _description = "Customer Success Task"
    _inherit = ["cs.task.definition", "mail.thread", "mail.activity.mixin"]
    # Open ones by deadline, then the waiting ones by the day they are planned for.
    _order = "date_deadline, date_planned, position, id"
    _mail_post_access = "read"

    account_id = fields.Many2one(
        comodel_name="cs.account",
        string="Customer",
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, index=True, precompute=True
    )
    csm_id = fields.Many2one(related="account_id.csm_id")
    journey_id = fields.Many2one(
        comodel_name="cs.journey", ondelete="cascade", index="btree_not_null"
    )
    stage_id = fields.Many2one(
        comodel_name="cs.journey.template.stage", ondelete="restrict"
    )
    stage_sequence = fields.Integer(related="stage_id.sequence")
    visit_id = fields.Many2one(
        comodel_name="cs.journey.visit",
        ondelete="cascade",
        index="btree_not_null",
        help="The time in the stage that the task belongs to; none while the stage "
        "is still to come.",
    )
    template_task_id = fields.Many2one(
        comodel_name="cs.journey.template.task",
        ondelete="set null",
        index="btree_not_null",
    )
    previous_id = fields.Many2one(
        comodel_name="cs.task",
        string="Previous occurrence",
        ondelete="set null",
        index="btree_not_null",
        help="Of a recurring task: the one that this one follows.",
    )
    state = fields.Selection(
        selection=[
            ("waiting", "Waiting"),
            ("open", "Open"),
            ("done", "Done"),
            ("skipped", "Skipped"),
            ("cancelled", "Cancelled"),
        ],
        default="open",
        required=True,
        index=True,
        tracking=True,
    )
    date_open = fields.Date(string="Opened on", copy=False)
    date_deadline = fields.Date(
        string="Deadline",
        compute="_compute_date_deadline",
        inverse="_inverse_date_deadline",
        store=True,
        precompute=True,
        index=True,
        tracking=True,
        help="The day it opened plus the days it may take.",
    )
    date_planned = fields.Date(
        string="Planned for",
        copy=False,
        help="The day it opens, or is expected to open if all before it is in time.",
    )
    date_shown = fields.Date(
        string="When",
        compute="_compute_date_shown",
        help="Open: its deadline. Waiting: the day it is planned for. Settled: when.",
    )
    date_done = fields.Date(string="Concluded on", copy=False)
    done_by_id = fields.Many2one(
        comodel_name="res.users", string="Concluded by", copy=False
    )
    reason = fields.Char(copy=False, help="Why it was skipped or cancelled.")
    user_id = fields.Many2one(index=True, tracking=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Person at the customer",
        help="Who does it, when the customer is responsible.",
    )
    interaction_ids = fields.One2many(
        comodel_name="cs.interaction", inverse_name="task_id", string="Interactions"
    )

    _visit_state_idx = models.Index("(visit_id, state) WHERE visit_id IS NOT NULL")
    _mine_idx = models.Index("(user_id, date_deadline) WHERE state = 'open'")
    _account_open_idx = models.Index("(account_id, date_deadline) WHERE state = 'open'")

    @api.depends("date_open", "duration_days")
    def _compute_date_deadline(self):
        for task in self:
            opened = task.date_open
            task.date_deadline = opened and opened + timedelta(days=task.duration_days)

    @api.depends("state", "date_deadline", "date_planned", "date_done")
    def _compute_date_shown(self):
        for task in self:
            task.date_shown = {
                "open": task.date_deadline,
                "waiting": task.date_planned,
            }.get(task.state, task.date_done)

    def _inverse_date_deadline(self):
        # A deadline by hand changes how long the task may take, so that it stays
        # the opening plus the duration for everybody who computes with it.
        for task in self:
            deadline = task.date_deadline
            if not task.date_open or (not deadline and task.journey_id):
                task._compute_date_deadline()
            elif deadline:
                task._check_deadline_by_hand()
                opened = min(task.date_open, deadline)
                # sudo: the day of opening is the engine's
                task.sudo().date_open = opened
                task.duration_days = (deadline - opened).days

    def _check_deadline_by_hand(self):
        """Raise when a task of a journey would end before it opened."""
        if self.journey_id and self.date_deadline < self.date_open:
            raise UserError(
                self.env._(
                    "%(task)s opened on %(date)s: its deadline cannot be before.",
                    task=self.name,
                    date=fields.Date.to_string(self.date_open),
                )
            )

    @api.constrains("kind")
    def _check_indicator_comes_from_template(self):
        for task in self:
            if task.kind == "indicator" and not task.journey_id:
                raise ValidationError(
                    self.env._(
                        "Indicators come only from journey templates, so that all "
                        "customers of a stage are judged alike. Add %(task)s to the "
                        "template.",
                        task=task.name,
                    )
                )

    @api.model
    def _journey_fields(self):
        """Return the fields that put a task into a journey: only the engine does."""
        return {"journey_id", "stage_id", "visit_id", "template_task_id", "previous_id"}

    @api.model
    def _engine_fields(self):
        """Return the fields that change by what happens, never by being edited."""
        return self._journey_fields() | {
            "account_id",
            "state",
            "kind",
            "position",
            "mandatory",
            "recurrence_days",
            "recurrence_from",
            "closed_by",
            "date_open",
            "date_planned",
            "date_done",
            "done_by_id",
        }

    @api.model_create_multi
    def create(self, vals_list):
        """Create tasks; those made by hand open today, for the customer's CSM."""
        for vals in vals_list:
            if not vals.get("journey_id"):
                self._complete_manual_values(vals)
        tasks = super().create(vals_list)
        tasks._check_made_by_hand()
        return tasks

    def _check_made_by_hand(self):
        """Refuse that a person makes tasks of a journey, by values or by defaults."""
        if self.env.su:
            return
        # sudo: what was given may belong to a journey that the user may not see
        if any(task[name] for task in self.sudo() for name in self._journey_fields()):
            raise UserError(
                self.env._(
                    "The tasks of a journey come from its template. Create the "
                    "task for the customer, without a journey."
                )
            )

    @api.model
    def _complete_manual_values(self, vals):
        """Fill in what a person leaves out of a task that belongs to no journey."""
        account = self.env["cs.account"].browse(vals.get("account_id"))
        if vals.get("state", "open") == "open" and not vals.get("date_open"):
            vals["date_open"] = account._today()
        if not vals.get("user_id") and account:
            vals |= {
                key: value
                for key, value in self._prepare_responsible_values(
                    vals.get("responsible", "csm"), account, self.env.user
                ).items()
                if not vals.get(key)
            }

    @api.model
    def _prepare_responsible_values(self, responsible, account, user):
        """Return who does a task of ``account``, given who is responsible.

        :param responsible: ``csm``, ``user`` or ``customer``
        :param account: the customer, a cs.account
        :param user: the fixed person, used when ``responsible`` is ``user``
        """
        return {
            "user_id": {"csm": account.csm_id, "user": user}.get(
                responsible, self.env["res.users"]
            ).id,
            "partner_id": account.partner_id.id if responsible == "customer" else False,
        }

    def write(self, vals):
        self._check_engine_fields(vals)
        result = super().write(vals)
        if not vals.keys().isdisjoint({"date_deadline", "duration_days"}):
            self._engine().journey_id._refresh_plan()
        return result

    def _check_engine_fields(self, vals):
        """Refuse that a person edits what the journey's engine keeps."""
        # The engine works as superuser, after checking access to the task.
        if self.env.su:
            return
        if any(task._is_change("account_id", vals) for task in self):
            raise UserError(self.env._("A task cannot move to another customer."))
        if any(
            task._is_change(name, vals)
            for task in self
            for name in self._journey_fields()
        ):
            raise UserError(
                self.env._("A task cannot move into a journey, or out of it.")
            )
        if any(
            task._is_change(name, vals)
            for task in self.filtered("journey_id")
            for name in self._engine_fields()
        ):
            raise UserError(
                self.env._(
                    "The journey keeps the state and the order of its tasks. "
                    "Conclude or skip the task instead."
                )
            )

    def _is_change(self, name, vals):
        """Whether writing ``vals`` would give this task another value of a field."""
        if name not in vals:
            return False
        current = self._fields[name].convert_to_write(self[name], self)
        return (current or False) != (vals[name] or False)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_journey(self):
        if not self.env.su and self.journey_id:
            raise UserError(
                self.env._("A task of a journey stays in its history: skip it instead.")
            )
