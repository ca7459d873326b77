from time import monotonic

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

#: All questions together: a worker of Odoo is ended after two minutes.
MOST_SECONDS_IN_ALL = 60


class CsDiagnostic(models.Model):
    """The customer's database that a diagnostic reads."""

    _inherit = "cs.diagnostic"

    database_id = fields.Many2one(
        comodel_name="cs.customer.database",
        string="Customer's database",
        ondelete="set null",
        index="btree_not_null",
        domain="[('account_id', '=', account_id)]",
        help="The copy from which answers are proposed.",
    )

    @api.constrains("database_id", "account_id")
    def _check_database_of_customer(self):
        for diagnostic in self.filtered("database_id"):
            if diagnostic.database_id.account_id != diagnostic.account_id:
                raise ValidationError(
                    self.env._(
                        "%(database)s is of another customer.",
                        database=diagnostic.database_id.name,
                    )
                )

    def _sheet_database(self):
        """Return what the screen of answers shows of the customer's database.

        :return: ``{"id", "name", "state", "state_name", "copied_on", "expires_on",
            "questions", "choices"}``: how many questions can be asked of it, and the
            databases of the customer as ``[{"id", "name"}]``
        """
        database = self.database_id
        states = dict(database._fields["state"]._description_selection(self.env))
        known = database.search([("account_id", "=", self.account_id.id)])
        asked = self.answer_ids.filtered(lambda one: one._probe_for(database))
        return {
            "id": database.id,
            "name": database.name or "",
            "state": database.state or "",
            "state_name": states.get(database.state, ""),
            "copied_on": fields.Date.to_string(database.copied_on) or "",
            "expires_on": fields.Date.to_string(database.expires_on) or "",
            "questions": len(asked),
            "choices": [{"id": one.id, "name": one.name} for one in known],
        }

    def probe_all(self):
        """Ask the customer's database all questions that it can be asked.

        After 60 seconds no more are begun, and those left say that they were not asked;
        the screen of answers asks one by one instead, and so all. Answers that were
        given are never touched.

        :return: ``{"proposed", "problems"}``: for how many questions
        :raise UserError: no database was chosen, or the diagnostic is closed
        :raise AccessError: the user may not answer
        """
        self.ensure_one()
        asked = self._probed_answers()
        database = self.database_id
        ends_at = monotonic() + MOST_SECONDS_IN_ALL
        for answer in asked.browse(self.begin_probing()):
            if monotonic() < ends_at:
                answer._probe(answer._probe_for(database), database)
            else:
                answer._keep_problem(database, self._say_not_asked())
        proposed = asked.filtered("proposed_answer")
        return {"proposed": len(proposed), "problems": len(asked - proposed)}

    def _say_not_asked(self):
        return self.env._(
            "It was not asked: the questions before it took more than %(count)s "
            "seconds. Read the database again from this question.",
            count=MOST_SECONDS_IN_ALL,
        )

    def begin_probing(self):
        """Open the customer's database once, to see whether asking is of any use.

        When it can't be opened, or may not, every question says so.

        :return: ids of the answers to be probed now, in their order
        :raise UserError: no database was chosen, no question can be asked of it, or
            the diagnostic is closed
        :raise AccessError: the user may not answer
        """
        self.ensure_one()
        asked = self._probed_answers()
        is_reached, text = self.database_id._greet()
        if is_reached:
            return asked.ids
        for answer in asked:
            answer._keep_problem(self.database_id, text)
        return []

    def _probed_answers(self):
        """Return the answers of questions that the database can be asked.

        :raise UserError: there are none
        """
        self.answer_ids._check_may_probe()
        database = self._probed_database()
        asked = self.answer_ids.filtered(lambda one: one._probe_for(database))
        if not asked:
            raise UserError(
                self.env._(
                    "%(template)s has no probe for %(erp)s yet. Write them on the "
                    "questions of the template.",
                    template=self.template_id.name,
                    erp=database.erp_id.name,
                )
            )
        return asked

    def _probed_database(self):
        if not self.database_id:
            raise UserError(
                self.env._("Choose the customer's database of this diagnostic first.")
            )
        return self.database_id
