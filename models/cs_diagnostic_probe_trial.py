from odoo import api, models
from odoo.exceptions import UserError

from ..diagnostic import probe_note

#: What a trial takes from the form.
_TRIED = ("query", "done_at", "partly_at", "note", "unit")


class CsDiagnosticProbe(models.Model):
    """A probe is tried on a customer's database before it is saved."""

    _inherit = "cs.diagnostic.probe"

    @api.model
    def trial_databases(self, erp_id):
        """Return the databases on which a probe of an ERP can be tried.

        :param erp_id: id of a cs.diagnostic.erp
        :return: list of ``{"id", "name"}``, the newest copies first
        :raise AccessError: the user may not write probes
        """
        self.check_access("create")
        databases = self.env["cs.customer.database"].search(
            [("erp_id", "=", erp_id), ("expires_on", ">=", "today")]
        )
        return [
            {"id": one.id, "name": one.display_name}
            for one in databases
            if one.state == "ready"
        ]

    @api.model
    def try_out(self, values, database_id):
        """Ask a database with a probe as it is being written; nothing is stored.

        :param values: ``{"query", "done_at", "partly_at", "note", "unit"}``
        :param database_id: id of a cs.customer.database
        :return: ``{"answer", "answer_name", "number", "note", "row"}``, the row as
            list of ``[column, text]``; or ``{"problem"}``, in words
        :raise AccessError: the user may not write probes, or not read the database
        """
        self.check_access("create")
        database = self.env["cs.customer.database"].browse(database_id)
        database.check_access("write")
        try:
            probe = self.new({name: values.get(name) for name in _TRIED})
        except (AttributeError, TypeError, ValueError):
            return {
                "problem": self.env._(
                    "The numbers and texts of the probe can't be read."
                )
            }
        try:
            probe._check_query()
            probe._check_thresholds()
            probe._check_note()
            found = probe._ask(database)
        except UserError as error:
            return {"problem": database._problem(error)}
        return {
            "answer": found["answer"],
            "answer_name": self._name_of_answer(found["answer"]),
            "number": probe._with_unit(found["value"]),
            "note": found["note"],
            "row": [
                [column, probe_note.shown(self.env, value)]
                for column, value in found["numbers"].items()
            ],
        }

    def _name_of_answer(self, answer):
        answers = self.env["cs.diagnostic.answer"]._fields["answer"]
        return dict(answers._description_selection(self.env))[answer]

    def _with_unit(self, value):
        """Return the number judged as it is shown, "" when there is none."""
        if value is None:
            return ""
        return f"{probe_note.shown(self.env, value)} {self.unit or ''}".strip()
