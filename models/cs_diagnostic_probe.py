from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..diagnostic import probe_note, probe_query, probe_verdict
from ..sources.sql_question import checked_question


class CsDiagnosticProbe(models.Model):
    """How a question is answered from the customer's own database.

    One query that only reads gives one row; its number proposes an answer, which a
    person confirms.
    """

    _name = "cs.diagnostic.probe"
    _description = "Probe of a Diagnostic Question"
    _order = "question_id, erp_id, id"

    question_id = fields.Many2one(
        comodel_name="cs.diagnostic.question",
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        related="question_id.company_id", store=True, index=True, precompute=True
    )
    erp_id = fields.Many2one(
        comodel_name="cs.diagnostic.erp",
        string="ERP",
        required=True,
        ondelete="restrict",
        index=True,
    )
    active = fields.Boolean(default=True)
    query = fields.Text(
        required=True,
        help="One SELECT, or WITH … SELECT, that gives one row. Its column “value” is "
        "the number judged; all columns can be named in the sentence.",
    )
    done_at = fields.Float(
        string="Fully done at",
        required=True,
        digits=(16, 4),
        aggregator=False,
        default=0.0,
        help="The answer is “Fully done” when the number reaches this.",
    )
    partly_at = fields.Float(
        string="Partly done at",
        required=True,
        digits=(16, 4),
        aggregator=False,
        default=0.0,
        help="“Partly done” when it reaches this, else “Not done”. Below the one "
        "before: higher numbers are better; above it: lower ones are.",
    )
    unit = fields.Char(translate=True, help="Of the number, as in: %, days.")
    note = fields.Char(
        string="Sentence for the evidence",
        required=True,
        translate=True,
        help="Columns of the row stand in braces, as in: {late} of {total} invoices "
        "are overdue ({value} %).",
    )

    _one_an_erp = models.UniqueIndex(
        "(question_id, erp_id) WHERE active",
        "A question has one probe for an ERP. Archive the other one first.",
    )

    @api.depends("question_id", "erp_id")
    def _compute_display_name(self):
        for probe in self:
            names = (probe.question_id.name, probe.erp_id.name)
            probe.display_name = " – ".join(filter(None, names))

    @api.constrains("query")
    def _check_query(self):
        """Refuse what is no question, while it is being written."""
        for probe in self:
            if not (probe.query or "").strip():
                raise ValidationError(self.env._("Write the query."))
            checked_question(self.env, probe.query)
            unknown = probe_query.unknown_parameters(probe.query)
            if unknown:
                raise ValidationError(
                    self.env._(
                        "%(parameter)s is filled in with nothing: the date of the "
                        "copy, %(known)s, is the only parameter.",
                        parameter=unknown[0],
                        known=probe_query.COPY_DATE,
                    )
                )

    @api.constrains("done_at", "partly_at")
    def _check_thresholds(self):
        for probe in self:
            if probe.done_at == probe.partly_at:
                raise ValidationError(
                    self.env._(
                        "“Fully done” and “Partly done” begin at the same number, "
                        "%(number)s: nothing says whether higher or lower is better. "
                        "Give them different numbers.",
                        number=probe.done_at,
                    )
                )

    @api.constrains("note")
    def _check_note(self):
        for probe in self:
            try:
                probe_note.columns_of(probe.note or "")
            except probe_note.Unreadable as error:
                raise ValidationError(probe._say_unreadable(error)) from None

    def _say_unreadable(self, error):
        return self.env._(
            "The sentence can't be read near “%(place)s”: in braces stands the name of "
            "a column and nothing else.",
            place=error,
        )

    def _ask(self, database):
        """Ask a customer's database this question.

        :param database: a cs.customer.database
        :return: ``{"answer", "value", "note", "numbers"}``: the answer proposed, the
            number judged (None where it isn't applicable), the sentence for the
            evidence, and the whole row as ``{column: number or text}``
        :raise UserError: why nothing can be proposed, in words for a person
        """
        self.ensure_one()
        sql = probe_query.with_copy_date(self.query or "", database.copied_on)
        return self._found_in(self._only_row(database._ask(sql)))

    def _found_in(self, row):
        """Return what a row of the database says, as ``_ask`` does."""
        value, answer = self._judge(row)
        return {
            "answer": answer,
            "value": value,
            "note": self._write_note(row),
            "numbers": {name: probe_note.kept(found) for name, found in row.items()},
        }

    def _only_row(self, rows):
        if not rows:
            raise UserError(
                self.env._("The query gives no row; it must always give one.")
            )
        if len(rows) > 1:
            raise UserError(
                self.env._("The query gives more than one row; it must give one.")
            )
        return rows[0]

    def _judge(self, row):
        """Return the number of a row, and the answer that it stands for.

        :raise UserError: there is none, or it is no number
        """
        if row.get("applicable") is False:
            return None, "not_applicable"
        if "value" not in row:
            raise UserError(
                self.env._(
                    "The query gives no column “value”. It gives: %(columns)s.",
                    columns=", ".join(row),
                )
            )
        if row["value"] is None:
            raise UserError(
                self.env._(
                    "Nothing can be said: the database holds nothing to count for this "
                    "question."
                )
            )
        value = probe_verdict.number(row["value"])
        if value is None:
            raise UserError(
                self.env._(
                    "The column “value” must be a number; it is “%(value)s”.",
                    value=row["value"],
                )
            )
        return value, probe_verdict.answer(value, self.done_at, self.partly_at)

    def _write_note(self, row):
        """Return the sentence for the evidence, written with a row."""
        note = self.note or ""
        try:
            missing = [name for name in probe_note.columns_of(note) if name not in row]
        except probe_note.Unreadable as error:
            raise UserError(self._say_unreadable(error)) from None
        if missing:
            raise UserError(
                self.env._(
                    "The sentence names {%(column)s}, which the query does not give. "
                    "It gives: %(columns)s.",
                    column=missing[0],
                    columns=", ".join(row),
                )
            )
        return probe_note.written(self.env, note, row)
