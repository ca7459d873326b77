from odoo import models


class CsPlan(models.Model):
    """The plan as a document for the customer."""

    _inherit = "cs.plan"

    def _get_report_base_filename(self):
        """Return the name of the document's file, in the customer's language."""
        self.ensure_one()
        lang = self.account_id._document_lang()
        plan = self.with_context(lang=lang)
        titles = dict(plan._fields["kind"]._description_selection(plan.env))
        return plan.account_id._document_name(titles[plan.kind])

    def action_print(self):
        """Print the plan."""
        self.ensure_one()
        report = self.env.ref("customer_success.action_report_plan")
        return report.report_action(self, config=False)
