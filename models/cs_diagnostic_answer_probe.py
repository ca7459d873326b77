from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

_NOTHING = {
    "proposed_answer": False,
    "proposed_value": 0.0,
    "proposed_note": False,
    "proposed_numbers": False,
    "proposed_problem": False,
}


class CsDiagnosticAnswer(models.Model):
    """What the customer's own database says to a question; a person confirms it."""

    _inherit = "cs.diagnostic.answer"

    proposed_numbers = fields.Json(
        readonly=True, help="The row that the database gave, as column: value."
    )
    proposed_problem = fields.Text(
        string="Why nothing is proposed", readonly=True, help="Said by the last try."
    )
    proposed_copy_on = fields.Date(
        string="Of the copy of", readonly=True, help="Of that day the number is true."
    )

    def probe(self):
        """Ask the customer's database this question, and keep what it proposes.

        The answer itself is never touched. What is in the way of a proposal is kept
        too, in words.

        :return: the answer as the screen of answers shows it
        :raise UserError: no database was chosen, nothing can be asked of it for this
            question, or the diagnostic is closed
        :raise AccessError: the user may not answer
        """
        self.ensure_one()
        self._check_may_probe()
        database = self.diagnostic_id._probed_database()
        probe = self._probe_for(database)
        if not probe:
            raise UserError(
                self.env._(
                    "There is no probe of this question for %(erp)s. Look yourself, or "
                    "write one in the template.",
                    erp=database.erp_id.name,
                )
            )
        self._probe(probe, database)
        return self._sheet_row()

    def _check_may_probe(self):
        self.check_access("write")
        self._check_open()

    def _probe_for(self, database):
        """Return the probe that asks a database this question, empty without one."""
        return self.question_id.probe_ids.filtered(
            lambda probe: probe.active and probe.erp_id == database.erp_id
        )

    def _probe(self, probe, database):
        """Keep what a database says, or why it says nothing."""
        # The evidence is read by the customer.
        customer = self.account_id.partner_id
        probe = probe.with_context(lang=customer.lang or self.env.lang)
        try:
            found = probe._ask(database)
        except Exception as error:
            self._keep_problem(database, database._problem(error))
        else:
            self._keep_proposal(database, found)

    def _keep_proposal(self, database, found):
        self._keep(
            database,
            {
                "proposed_answer": found["answer"],
                "proposed_value": found["value"] or 0.0,
                "proposed_note": found["note"],
                "proposed_numbers": found["numbers"],
            },
        )

    def _keep_problem(self, database, text):
        self._keep(database, {"proposed_problem": text})

    def _keep(self, database, values):
        # sudo: proposals are written by probes alone; callers checked access
        self.sudo().write(
            {
                **_NOTHING,
                "proposed_at": fields.Datetime.now(),
                "proposed_copy_on": database.copied_on,
                **values,
            }
        )

    def accept_proposal(self):
        """Confirm what the customer's database says: answer, and evidence.

        An answer that somebody gave stays; when it is the same, only the sentence is
        added to its evidence.

        :return: True
        :raise UserError: nothing is proposed, another answer was given already, or
            the diagnostic is closed
        """
        self.ensure_one()
        self._check_may_probe()
        self.lock_for_update()
        self.invalidate_recordset(["answer", "evidence"])
        if not self.proposed_answer:
            raise UserError(self.env._("Nothing is proposed for this question."))
        if self.answer and self.answer != self.proposed_answer:
            raise UserError(
                self.env._(
                    "%(person)s gave another answer already. Who wants to change it "
                    "chooses the answer.",
                    person=self.answered_by_id.name,
                )
            )
        self.write_evidence(self._evidence_with_proposal(), self.evidence)
        if not self.answer:
            self.answer = self.proposed_answer
        return True

    def _is_proposal_accepted(self):
        """Whether answer and evidence say already what is proposed."""
        return bool(
            self.proposed_answer
            and self.answer == self.proposed_answer
            and self._proposed_evidence() in (self.evidence or "")
        )

    def _evidence_with_proposal(self):
        """Return the evidence, the sentence of the proposal behind what is there."""
        sentence, present = self._proposed_evidence(), self.evidence or ""
        if sentence in present:
            return present
        return f"{present}\n{sentence}" if present else sentence

    def _proposed_evidence(self):
        """Return the sentence of the proposal, with the day of which it is true."""
        customer = self.account_id.partner_id
        env = self.with_context(lang=customer.lang or self.env.lang).env
        return env._(
            "%(note)s (copy of the database of %(day)s)",
            note=self.proposed_note or "",
            day=format_date(env, self.proposed_copy_on),
        ).strip()
