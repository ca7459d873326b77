from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .cs_diagnostic_template import LEVELS
from .cs_task import QUIET


class CsDiagnostic(models.Model):
    """One diagnostic of one customer: its answers, and the level they come to.

    Answers are records of their own, so several people fill in one diagnostic at
    once, and nothing that they write meets on this record before it is concluded.
    """

    _name = "cs.diagnostic"
    _description = "Diagnostic"
    _inherit = [
        "cs.guarded",
        "cs.account.part",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "started_on desc, id desc"
    _rec_names_search = ["account_id", "template_id"]
    _check_company_auto = True
    _guarded_fields = (
        "template_id",
        "state",
        "started_on",
        "concluded_on",
        "concluded_by_id",
        "basic_from",
        "organised_from",
        "managed_from",
        "final_score",
        "final_level",
    )

    account_id = fields.Many2one(readonly=True)
    csm_id = fields.Many2one(related="account_id.csm_id")
    template_id = fields.Many2one(
        comodel_name="cs.diagnostic.template",
        required=True,
        ondelete="restrict",
        index=True,
        readonly=True,
        check_company=True,
    )
    specialist_id = fields.Many2one(
        comodel_name="res.users",
        default=lambda self: self.env.user,
        index=True,
        tracking=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    state = fields.Selection(
        selection=[
            ("open", "Being answered"),
            ("done", "Concluded"),
            ("cancelled", "Cancelled"),
        ],
        default="open",
        required=True,
        index=True,
        readonly=True,
        tracking=True,
    )
    started_on = fields.Date(string="Started on", readonly=True)
    concluded_on = fields.Date(string="Concluded on", readonly=True)
    concluded_by_id = fields.Many2one(
        comodel_name="res.users", string="Concluded by", readonly=True
    )
    summary = fields.Html(
        string="Conclusions",
        help="What the customer should take away, in a few sentences.",
    )
    # Limits as they were when it started: a level that was told does not change.
    basic_from = fields.Integer(readonly=True)
    organised_from = fields.Integer(readonly=True)
    managed_from = fields.Integer(readonly=True)
    answer_ids = fields.One2many(
        comodel_name="cs.diagnostic.answer",
        inverse_name="diagnostic_id",
        string="Answers",
    )
    # What it came to when it was concluded, for lists, graphs and the customer.
    final_score = fields.Float(
        string="Score at conclusion", digits=(5, 1), aggregator="avg", readonly=True
    )
    final_level = fields.Selection(
        selection=LEVELS, string="Level at conclusion", readonly=True, index=True
    )
    plan_ids = fields.One2many(
        comodel_name="cs.plan", inverse_name="diagnostic_id", string="Plans"
    )

    _open_idx = models.Index("(account_id, template_id) WHERE state = 'open'")

    @api.depends("template_id", "account_id", "started_on")
    def _compute_display_name(self):
        for diagnostic in self:
            names = (
                diagnostic.template_id.display_name,
                diagnostic.account_id.display_name,
                format_date(self.env, diagnostic.started_on),
            )
            diagnostic.display_name = " – ".join(name for name in names if name)

    @api.model
    def start(self, account, template):
        """Start a diagnostic: always a new one, with every question unanswered.

        :param account: the customer, a cs.account or its id
        :param template: a cs.diagnostic.template or its id
        :return: the new cs.diagnostic
        :raise UserError: the template asks nothing, or is of another company
        :raise AccessError: the user may not make diagnostics, or not see either
        """
        account = self.env["cs.account"].browse(
            account if isinstance(account, int) else account.ids
        )
        template = self.env["cs.diagnostic.template"].browse(
            template if isinstance(template, int) else template.ids
        )
        self.check_access("create")
        account.check_access("read")
        template.check_access("read")
        self._check_may_start(account, template)
        # sudo: limits and answers follow from the template; access is checked above
        diagnostic = self.sudo().create(self._prepare_start(account, template))
        diagnostic._copy_questions(template)
        return diagnostic.sudo(False)

    @api.model
    def _check_may_start(self, account, template):
        account.ensure_one()
        template.ensure_one()
        if not template.question_ids:
            raise UserError(
                self.env._(
                    "%(template)s asks nothing yet. Give it areas and questions first.",
                    template=template.display_name,
                )
            )
        if template.company_id and template.company_id != account.company_id:
            raise UserError(
                self.env._(
                    "%(template)s is of %(company)s, but %(customer)s is followed by "
                    "another company.",
                    template=template.display_name,
                    company=template.company_id.display_name,
                    customer=account.display_name,
                )
            )

    @api.model
    def _prepare_start(self, account, template):
        return {
            "account_id": account.id,
            "template_id": template.id,
            "specialist_id": self.env.uid,
            "started_on": account._today(account.company_id),
            "basic_from": template.basic_from,
            "organised_from": template.organised_from,
            "managed_from": template.managed_from,
        }

    def _copy_questions(self, template):
        self.env["cs.diagnostic.answer"].with_context(**QUIET).create(
            [
                {
                    "diagnostic_id": self.id,
                    "question_id": question.id,
                    "weight": question.weight,
                    "sequence": position,
                }
                for position, question in enumerate(template.question_ids)
                if question.area_id.active
            ]
        )

    @api.model
    def find_open(self, account, template):
        """Return the newest diagnostic of a customer that is still being answered.

        :param account: a cs.account
        :param template: a cs.diagnostic.template
        :return: a cs.diagnostic, empty when there is none to go on with
        """
        return self.search(
            [
                ("account_id", "=", account.id),
                ("template_id", "=", template.id),
                ("state", "=", "open"),
            ],
            limit=1,
        )

    def _check_state(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for diagnostic in self:
            if diagnostic.state not in states:
                raise UserError(
                    self.env._(
                        "%(diagnostic)s: this is not possible while it is %(state)s.",
                        diagnostic=diagnostic.display_name,
                        state=labels[diagnostic.state].lower(),
                    )
                )

    def action_conclude(self):
        """Conclude: the answers are final, and the customer shows the level.

        :return: True
        :raise UserError: questions are unanswered, or it is not open
        """
        self.check_access("write")
        self._check_state("open")
        for diagnostic in self:
            missing = diagnostic.answer_ids.filtered(lambda one: not one.answer)
            if missing:
                raise UserError(
                    self.env._(
                        "%(count)s questions have no answer yet, the first: "
                        "%(question)s. What doesn't concern the customer is answered "
                        "“Not applicable”.",
                        count=len(missing),
                        question=missing[0].question_id.name,
                    )
                )
            diagnostic._conclude()
        return True

    def _conclude(self):
        # sudo: the verdict follows from the answers; callers checked access
        self.sudo().write(
            {
                "state": "done",
                "concluded_on": self.account_id._today(self.company_id),
                "concluded_by_id": self.env.uid,
                "final_score": self.score,
                "final_level": self.level,
            }
        )
        self.account_id._run_at_gate()

    def action_reopen(self):
        """Let the answers be mended: it is being answered again.

        :return: True
        """
        self.check_access("write")
        self._check_state("done", "cancelled")
        # sudo: the state is kept from hands, access is checked above
        self.sudo().write(
            {
                "state": "open",
                "concluded_on": False,
                "concluded_by_id": False,
                "final_score": 0.0,
                "final_level": False,
            }
        )
        return True

    def action_cancel(self):
        """Give it up: it stays in the history and counts for nothing.

        :return: True
        """
        self.check_access("write")
        self._check_state("open")
        self.sudo().state = "cancelled"  # sudo: kept from hands, access is checked
        return True
