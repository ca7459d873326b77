from odoo import fields, models


class CsDiagnostic(models.Model):
    """The diagnostic as a document for the customer."""

    _inherit = "cs.diagnostic"

    visible_to_customer = fields.Boolean(
        string="Shared with the customer",
        tracking=True,
        copy=False,
        help="The customer may download the diagnostic report on its portal.",
    )

    def _is_open_to_customer(self):
        """Whether the customer may have it: shared, concluded, still a customer."""
        self.ensure_one()
        return (
            self.visible_to_customer
            and self.state == "done"
            and self.account_id._is_served_on_portal()
        )

    def _customer_report(self):
        """Return what the customer sees of a diagnostic before it downloads it."""
        return {
            "id": self.id,
            "url": f"/my/success/diagnostic/{self.id}/pdf",
            "name": self.template_id.name,
            "day": self.concluded_on,
        }

    def _get_report_base_filename(self):
        """Return the name of the document's file, in the customer's language."""
        self.ensure_one()
        account = self.account_id
        account = account.with_context(lang=account._document_lang())
        return account._document_name(
            account.env._("Diagnostic report"), self.concluded_on or self.started_on
        )

    def action_print(self):
        """Print the diagnostic report."""
        self.ensure_one()
        report = self.env.ref("customer_success.action_report_diagnostic")
        return report.report_action(self, config=False)

    def action_print_evolution(self):
        """Print how the customer evolved since its first diagnostic."""
        self.ensure_one()
        return self.account_id.action_print_evolution()
