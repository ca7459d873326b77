from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

KINDS = [
    ("improvement", "Improvement"),
    ("novelty", "Novelty to apply"),
    ("failure", "Process failure"),
    ("cross_sell", "Cross-sell idea"),
    ("request", "Product request"),
]
PENDING = ("new", "doing")


class CsImprovement(models.Model):
    """Something that could be better at a customer: the specialist's queue.

    It waits here until it becomes work, a task or an opportunity, whose end ends it
    too; or until somebody says that it is done or not worth doing.
    """

    _name = "cs.improvement"
    _description = "Improvement"
    _inherit = [
        "cs.guarded",
        "cs.account.part",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "priority desc, due_on, id desc"
    _check_company_auto = True
    _guarded_fields = (
        "state",
        "task_id",
        "lead_id",
        "answer_id",
        "concluded_on",
        "reason",
    )

    name = fields.Char(
        string="What could be better",
        required=True,
        tracking=True,
        help='In a few words: "Post invoices by e-mail instead of by hand".',
    )
    kind = fields.Selection(
        selection=KINDS,
        default="improvement",
        required=True,
        index=True,
        tracking=True,
        group_expand=True,
        help="Improvement: the customer can use better what it has. Novelty to apply: "
        "something new that helps this customer. Process failure: how the customer "
        "works goes wrong. Cross-sell idea: it could buy more. Product request: what "
        "the customer asks our product to do.",
    )
    csm_id = fields.Many2one(related="account_id.csm_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        selection=[
            ("new", "In the queue"),
            ("doing", "Under way"),
            ("done", "Done"),
            ("dropped", "Dropped"),
        ],
        default="new",
        required=True,
        index=True,
        readonly=True,
        tracking=True,
        copy=False,
    )
    reason = fields.Char(string="Why dropped", readonly=True, copy=False, tracking=True)
    concluded_on = fields.Date(string="Ended on", readonly=True, copy=False)
    priority = fields.Selection(
        selection=[("0", "Low"), ("1", "Medium"), ("2", "High"), ("3", "Very high")],
        string="Impact",
        default="1",
        required=True,
        index=True,
        help="How much the customer gains by it: the highest comes first.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        index=True,
        tracking=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Who sees to it.",
    )
    due_on = fields.Date(string="Until", tracking=True)
    description = fields.Html(
        help="What was seen, what the customer said, what would be better."
    )
    product_id = fields.Many2one(
        comodel_name="product.product", index="btree_not_null", check_company=True
    )
    expected_mrr = fields.Monetary(
        string="Could bring (a month)",
        help="What the customer would pay more each month.",
    )
    topic_id = fields.Many2one(
        comodel_name="cs.improvement.topic",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
        tracking=True,
        help="What other customers ask for too: requests of one topic are counted "
        "together.",
    )
    answer_id = fields.Many2one(
        comodel_name="cs.diagnostic.answer",
        string="Finding",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
        copy=False,
        help="What a diagnostic found, and this is about.",
    )
    interaction_id = fields.Many2one(
        comodel_name="cs.interaction",
        ondelete="set null",
        index="btree_not_null",
        copy=False,
        help="Where the customer said it.",
    )
    alert_id = fields.Many2one(
        comodel_name="cs.alert", ondelete="set null", index="btree_not_null", copy=False
    )
    task_id = fields.Many2one(
        comodel_name="cs.task",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
        copy=False,
    )
    lead_id = fields.Many2one(
        comodel_name="crm.lead",
        string="Opportunity",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
        copy=False,
    )

    _one_a_finding = models.UniqueIndex(
        "(answer_id) WHERE answer_id IS NOT NULL AND state != 'dropped'",
        "This finding is in the queue already.",
    )
    _expected_positive = models.Constraint(
        "CHECK (expected_mrr >= 0)", "What it could bring cannot be negative."
    )

    @api.constrains("account_id", "interaction_id", "alert_id", "answer_id")
    def _check_origin_of_customer(self):
        for one in self:
            # sudo: what is compared may be somebody else's, and then is refused
            origins = (one.sudo()[name] for name in self._origin_fields())
            if any(
                origin and origin.account_id != one.account_id for origin in origins
            ):
                raise ValidationError(
                    self.env._(
                        "%(improvement)s comes from another customer. Make it there.",
                        improvement=one.name,
                    )
                )

    @api.model
    def _origin_fields(self):
        """Return the fields that say where it comes from."""
        return ("answer_id", "interaction_id", "alert_id")

    def _is_pending(self):
        """Whether something is still to be done about it."""
        return self.state in PENDING

    def _check_pending(self):
        ended = self.filtered(lambda one: not one._is_pending())
        if ended:
            raise UserError(
                self.env._(
                    "%(improvement)s has ended. Reopen it first.",
                    improvement=ended[0].name,
                )
            )

    def action_start(self):
        """Say that somebody is at it.

        :return: True
        """
        self.check_access("write")
        self._check_pending()
        self._set("doing")
        return True

    def action_done(self):
        """Say that it is done.

        :return: True
        :raise UserError: its task or opportunity is still under way
        """
        self.check_access("write")
        self._check_pending()
        self._check_no_work_under_way()
        self._conclude("done")
        return True

    def action_drop(self, reason):
        """Give it up; a task that is still open is skipped with the same reason.

        :param reason: why, as a text that is not blank
        :return: True
        :raise UserError: no reason, or an opportunity is under way
        """
        reason = self.env["cs.journey"]._check_reason(reason)
        self.check_access("write")
        self._check_pending()
        self._pending_tasks().action_skip(reason)
        # Those whose task was skipped have been dropped with it.
        left = self.filtered(lambda one: one._is_pending())
        left._check_no_work_under_way()
        left._conclude("dropped", reason)
        return True

    def action_reopen(self):
        """Put it back into the queue; the work that ended stays in the messages.

        :return: True
        :raise UserError: one has not ended
        """
        self.check_access("write")
        for one in self:
            if one._is_pending():
                raise UserError(
                    self.env._(
                        "%(improvement)s has not ended yet.", improvement=one.name
                    )
                )
        # sudo: the state is kept from hands, access is checked above
        self.sudo().write(
            {
                "state": "new",
                "reason": False,
                "concluded_on": False,
                "task_id": False,
                "lead_id": False,
            }
        )
        return True

    def _set(self, state, **values):
        # sudo: the state is kept from hands, callers checked access
        self.sudo().write({"state": state, **values})

    def _conclude(self, state, reason=False):
        for company, ended in self.grouped("company_id").items():
            today = self.env["cs.account"]._today(company)
            ended._set(state, reason=reason, concluded_on=today)

    def _open(self):
        """Return the window that shows these improvements."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.cs_improvement_action"
        )
        if len(self) == 1:
            return {**action, "views": [(False, "form")], "res_id": self.id}
        return {
            **action,
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", self.ids)],
            "context": {},
        }
