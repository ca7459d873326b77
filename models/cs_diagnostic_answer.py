from odoo import api, fields, models
from odoo.exceptions import UserError

from .cs_diagnostic_question import ANSWERS

#: What an answer is worth; what isn't here is left out of the mean.
POINTS = {"done": 1.0, "partly": 0.5, "not_done": 0.0}
#: Answers that show something to improve.
FINDINGS = ("partly", "not_done")


class CsDiagnosticAnswer(models.Model):
    """What was found on one question: answered by whom, when, on what evidence.

    One record a question: two people on different questions never meet.
    """

    _name = "cs.diagnostic.answer"
    _description = "Diagnostic Answer"
    _inherit = ["cs.guarded"]
    _order = "diagnostic_id desc, sequence, id"
    _guarded_fields = (
        "diagnostic_id",
        "question_id",
        "weight",
        "sequence",
        "answered_by_id",
        "answered_at",
        "proposed_answer",
        "proposed_value",
        "proposed_note",
        "proposed_at",
        "proposed_numbers",
        "proposed_problem",
        "proposed_copy_on",
    )

    diagnostic_id = fields.Many2one(
        comodel_name="cs.diagnostic", required=True, ondelete="cascade", index=True
    )
    account_id = fields.Many2one(
        related="diagnostic_id.account_id",
        string="Customer",
        store=True,
        index=True,
        precompute=True,
    )
    company_id = fields.Many2one(
        related="diagnostic_id.company_id", store=True, index=True, precompute=True
    )
    state = fields.Selection(related="diagnostic_id.state")
    question_id = fields.Many2one(
        comodel_name="cs.diagnostic.question",
        required=True,
        ondelete="restrict",
        index=True,
    )
    area_id = fields.Many2one(
        related="question_id.area_id", store=True, index=True, precompute=True
    )
    sequence = fields.Integer()
    weight = fields.Float(
        default=1.0,
        aggregator=False,
        help="As the template had it when the diagnostic started.",
    )
    answer = fields.Selection(selection=ANSWERS, index=True)
    meaning = fields.Char(string="What was found", compute="_compute_meaning")
    evidence = fields.Text(help="What was seen: numbers, dates, names of registers.")
    attachment_ids = fields.Many2many(
        comodel_name="ir.attachment",
        string="Files",
        help="Pictures of the screen, reports, spreadsheets.",
    )
    answered_by_id = fields.Many2one(
        comodel_name="res.users", string="Answered by", readonly=True
    )
    answered_at = fields.Datetime(string="Answered on", readonly=True)
    proposed_answer = fields.Selection(
        selection=ANSWERS,
        readonly=True,
        help="What the customer's own data says; a person confirms it.",
    )
    proposed_value = fields.Float(string="Number seen", readonly=True, aggregator=False)
    proposed_note = fields.Char(string="What was seen", readonly=True)
    proposed_at = fields.Datetime(string="Seen on", readonly=True)

    _one_a_question = models.UniqueIndex(
        "(diagnostic_id, question_id)", "A question is answered once in a diagnostic."
    )

    @api.depends("question_id", "diagnostic_id")
    def _compute_display_name(self):
        for answer in self:
            answer.display_name = answer.question_id.display_name

    @api.depends("answer", "question_id")
    @api.depends_context("lang")
    def _compute_meaning(self):
        for answer in self:
            found = answer.answer
            answer.meaning = found and answer.question_id[f"meaning_{found}"]

    def write(self, vals):
        """Keep who answered and when; refuse what is concluded already."""
        if not self.env.su and not vals.keys().isdisjoint(
            {"answer", "evidence", "attachment_ids"}
        ):
            self._check_open()
        result = super().write(vals)
        if "answer" in vals:
            # sudo: who answered is not written by hand
            super(CsDiagnosticAnswer, self.sudo()).write(
                {
                    "answered_by_id": bool(vals["answer"]) and self.env.uid,
                    "answered_at": bool(vals["answer"]) and fields.Datetime.now(),
                }
            )
        return result

    def _check_open(self):
        closed = self.diagnostic_id.filtered(lambda one: one.state != "open")
        if closed:
            raise UserError(
                self.env._(
                    "%(diagnostic)s is closed. Reopen it to change its answers.",
                    diagnostic=closed[0].display_name,
                )
            )

    def write_evidence(self, text, seen):
        """Write the evidence; what somebody else wrote in the meantime is kept.

        :param text: the new evidence
        :param seen: the evidence as the writer saw it before writing
        :return: the evidence as it is now
        """
        self.ensure_one()
        self.check_access("write")
        # No lock, which would refuse the second of two writers: the database stops
        # the one that comes later, and Odoo asks it again with what is there by then.
        present = self.evidence or ""
        if present not in ((seen or ""), text) and present not in text:
            text = f"{present}\n{text}"
        self.evidence = text
        return text

    def attach(self, name, content):
        """Attach a file as evidence.

        :param name: the file's name
        :param content: its bytes, in base64
        :return: the id of the attachment
        """
        self.ensure_one()
        self.check_access("write")
        self._check_open()
        attachment = self.env["ir.attachment"].create(
            {
                "name": name,
                "datas": content,
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        self.attachment_ids = [fields.Command.link(attachment.id)]
        return attachment.id

    def detach(self, attachment_id):
        """Take a file off the evidence, and delete it.

        :param attachment_id: the id of one of the answer's files
        """
        self.ensure_one()
        self.check_access("write")
        self._check_open()
        self.attachment_ids.filtered(lambda file: file.id == attachment_id).unlink()

    def _is_finding(self):
        """Whether it shows something to improve."""
        return self.answer in FINDINGS

    def _score(self):
        """Return the weighted mean of these answers.

        :return: 0–100 rounded to 0.1, or None when no answer counts
        """
        counted = self.filtered(lambda one: one.answer in POINTS)
        weight = sum(counted.mapped("weight"))
        if not weight:
            return None
        points = sum(POINTS[one.answer] * one.weight for one in counted)
        return round(100.0 * points / weight, 1)
