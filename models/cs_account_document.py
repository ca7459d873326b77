from odoo import models


class CsAccount(models.Model):
    """The documents that are printed for a customer."""

    _inherit = "cs.account"

    def _document_lang(self):
        """Return the language that documents for this customer are written in."""
        lang = self.partner_id.lang
        installed = dict(self.env["res.lang"].get_installed())
        return lang if lang in installed else self.env.lang or "en_US"

    def _document_name(self, title, day=None):
        """Return the name of a document's file, that says what it is and of whom.

        :param title: what it is
        :param day: a date; today by default
        """
        day = day or self._today(self.company_id)
        parts = (title, self.partner_id.name or "", str(day))
        # A slash or a colon would be a folder or a drive.
        return " - ".join(parts).translate(str.maketrans('/\\:*?"<>|', "---------"))

    def _training_document_name(self):
        spoken = self.with_context(lang=self._document_lang())
        return spoken._document_name(spoken.env._("Record of trainings"))

    def _evolution_document_name(self):
        spoken = self.with_context(lang=self._document_lang())
        return spoken._document_name(spoken.env._("Evolution"))

    def action_print_trainings(self):
        """Print the record of this customer's trainings."""
        return self._print("action_report_training")

    def action_print_evolution(self):
        """Print how this customer evolved from its first diagnostic to the last."""
        return self._print("action_report_evolution")

    def _print(self, name):
        self.ensure_one()
        return self.env.ref(f"customer_success.{name}").report_action(
            self, config=False
        )
