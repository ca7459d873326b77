from odoo import api, fields, models

LEVELS = [
    ("initial", "Initial"),
    ("basic", "Basic"),
    ("organised", "Organised"),
    ("managed", "Managed"),
]


class CsDiagnosticTemplate(models.Model):
    """What a diagnostic asks, how it judges and what it proposes.

    A diagnostic copies weights and limits when it starts, so a template can be edited
    at any time without touching a score that a customer was told.
    """

    _name = "cs.diagnostic.template"
    _description = "Diagnostic Template"
    _inherit = ["cs.shared.template"]
    _order = "sequence, id"
    _check_company_auto = True
    _used_by = "cs.diagnostic"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    introduction = fields.Html(
        translate=True,
        help="Read by who does the diagnostic, before the first question.",
    )
    basic_from = fields.Integer(string="Basic from", default=40)
    organised_from = fields.Integer(string="Organised from", default=60)
    managed_from = fields.Integer(string="Managed from", default=80)
    journey_template_id = fields.Many2one(
        comodel_name="cs.journey.template",
        string="Journey to start",
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
        domain="[('kind', '!=', 'lifecycle')]",
        help="Offered when the plan is made: it leads the customer through the steps "
        "that follow.",
    )
    area_ids = fields.One2many(
        comodel_name="cs.diagnostic.area", inverse_name="template_id", string="Areas"
    )
    question_ids = fields.One2many(
        comodel_name="cs.diagnostic.question",
        inverse_name="template_id",
        string="Questions",
    )
    action_ids = fields.One2many(
        comodel_name="cs.diagnostic.action",
        inverse_name="template_id",
        string="Actions",
    )
    goal_ids = fields.One2many(
        comodel_name="cs.diagnostic.goal",
        inverse_name="template_id",
        string="Objectives to propose",
    )
    question_count = fields.Integer(
        string="Number of questions", compute="_compute_counts"
    )
    action_count = fields.Integer(string="Number of actions", compute="_compute_counts")
    diagnostic_count = fields.Integer(string="Done with it", compute="_compute_counts")

    _limits_in_order = models.Constraint(
        "CHECK (0 < basic_from AND basic_from < organised_from"
        " AND organised_from < managed_from AND managed_from <= 100)",
        "The limits of the levels must rise, between 1 and 100 points.",
    )

    @api.depends("question_ids", "action_ids")
    def _compute_counts(self):
        done = dict(
            self.env["cs.diagnostic"]._read_group(
                [("template_id", "in", self.ids)], ["template_id"], ["__count"]
            )
        )
        for template in self:
            template.question_count = len(template.question_ids)
            template.action_count = len(template.action_ids)
            template.diagnostic_count = done.get(template, 0)

    def _say_used_elsewhere(self):
        return self.env._(
            "%(template)s has diagnostics of other companies, so it stays shared.",
            template=self.display_name,
        )

    def copy(self, default=None):
        """Copy templates whole: the copy's answers call for the copy's own actions."""
        copies = super().copy(default=default)
        for template, copied in zip(self, copies, strict=True):
            template._copy_content_to(copied)
        return copies

    def _copy_content_to(self, copied):
        actions = {
            action: action.copy({"template_id": copied.id})
            for action in self.action_ids
        }
        for action, twin in actions.items():
            twin.after_ids = self._twins(action.after_ids, actions)
        areas = {area: area.copy({"template_id": copied.id}) for area in self.area_ids}
        for question in self.question_ids:
            question.copy(
                {
                    "area_id": areas[question.area_id].id,
                    "partly_action_ids": self._twins(
                        question.partly_action_ids, actions
                    ).ids,
                    "not_done_action_ids": self._twins(
                        question.not_done_action_ids, actions
                    ).ids,
                }
            )
        for goal in self.goal_ids:
            goal.copy(
                {
                    "template_id": copied.id,
                    "area_id": areas[goal.area_id].id if goal.area_id else False,
                }
            )

    @staticmethod
    def _twins(actions, copies):
        """Return the copies of some actions, from ``{action: copy}``."""
        return actions.browse(copies[one].id for one in actions if one in copies)

    def action_open_diagnostics(self):
        """Open the diagnostics that were done with this template."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.cs_diagnostic_action_all"
        )
        return {**action, "domain": [("template_id", "=", self.id)]}
