from odoo import api, fields, models
from odoo.exceptions import ValidationError

ANSWERS = [
    ("done", "Fully done"),
    ("partly", "Partly done"),
    ("not_done", "Not done"),
    ("not_applicable", "Not applicable"),
]


class CsDiagnosticQuestion(models.Model):
    """One thing to check at the customer, and what each answer calls for."""

    _name = "cs.diagnostic.question"
    _description = "Diagnostic Question"
    _inherit = ["cs.diagnostic.part"]
    _order = "area_sequence, area_id, sequence, id"

    area_id = fields.Many2one(
        comodel_name="cs.diagnostic.area", required=True, ondelete="cascade", index=True
    )
    area_sequence = fields.Integer(
        related="area_id.sequence", string="Order of the area", store=True
    )
    template_id = fields.Many2one(related="area_id.template_id", store=True, index=True)
    company_id = fields.Many2one(
        related="area_id.template_id.company_id", store=True, index=True
    )
    name = fields.Char(string="Question", required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    weight = fields.Float(
        default=1.0,
        required=True,
        aggregator=False,
        help="How much it counts against the other questions.",
    )
    guidance = fields.Html(
        string="How to check",
        translate=True,
        help="What to open, what to count, whom to ask.",
    )
    good = fields.Html(
        string="What good looks like",
        translate=True,
        help="The number or the habit of a customer who has this under control.",
    )
    meaning_done = fields.Char(string="Done means", translate=True)
    meaning_partly = fields.Char(string="Partly means", translate=True)
    meaning_not_done = fields.Char(string="Not done means", translate=True)
    meaning_not_applicable = fields.Char(
        string="Not applicable means",
        translate=True,
        help="Such an answer is left out of the score.",
    )
    partly_action_ids = fields.Many2many(
        comodel_name="cs.diagnostic.action",
        relation="cs_diagnostic_question_partly_rel",
        string="Partly: propose",
        domain="[('template_id', '=', template_id)]",
    )
    not_done_action_ids = fields.Many2many(
        comodel_name="cs.diagnostic.action",
        relation="cs_diagnostic_question_not_done_rel",
        string="Not done: propose",
        domain="[('template_id', '=', template_id)]",
    )
    probe_ids = fields.One2many(
        comodel_name="cs.diagnostic.probe",
        inverse_name="question_id",
        string="Probes",
        copy=True,
    )
    probe_count = fields.Integer(
        string="Number of probes", compute="_compute_probe_count"
    )
    closes_gate = fields.Boolean(
        string="Findings close the gate",
        help="As long as it is answered partly or not done, and the actions against "
        "it are not settled, stages of a journey with the gate of findings do not "
        "start.",
    )

    _weight_positive = models.Constraint(
        "CHECK (weight > 0)", "A question needs a weight above 0, else archive it."
    )

    @api.depends("probe_ids")
    def _compute_probe_count(self):
        for question in self:
            question.probe_count = len(question.probe_ids)

    @api.constrains("partly_action_ids", "not_done_action_ids", "area_id")
    def _check_actions_of_template(self):
        for question in self:
            called = question.partly_action_ids | question.not_done_action_ids
            if called.template_id - question.template_id:
                raise ValidationError(
                    self.env._(
                        "%(question)s can propose actions of its own template only.",
                        question=question.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: diagnostics that the user does not see hold the question too
        answers = self.env["cs.diagnostic.answer"].sudo()
        held = answers.search([("question_id", "in", self.ids)])
        self._refuse_to_delete_used(held.question_id)

    def _called_actions(self, answer):
        """Return the actions that an answer to this question calls for.

        :param answer: a value of ``cs.diagnostic.answer.answer``, or False
        """
        by_answer = {
            "partly": self.partly_action_ids,
            "not_done": self.not_done_action_ids,
        }
        called = by_answer.get(answer, self.env["cs.diagnostic.action"])
        return called.filtered("active")

    def _says_its_answers(self):
        """Whether it says what each answer means that counts for the score."""
        return all((self.meaning_done, self.meaning_partly, self.meaning_not_done))

    def _meanings(self):
        """Return what each answer means here: ``[{"answer", "label", "meaning"}]``."""
        labels = dict(
            self.env["cs.diagnostic.answer"]
            ._fields["answer"]
            ._description_selection(self.env)
        )
        return [
            {
                "answer": answer,
                "label": labels[answer],
                "meaning": self[f"meaning_{answer}"] or "",
            }
            for answer, _label in ANSWERS
        ]
