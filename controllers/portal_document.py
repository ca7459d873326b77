from odoo import http
from odoo.http import request

from .portal_plan import CsPortalPlan

PLAN = "customer_success.action_report_plan"
DIAGNOSTIC = "customer_success.action_report_diagnostic"


class CsPortalDocument(CsPortalPlan):
    """The documents that a customer downloads: its plan, and what was found."""

    @http.route(
        "/my/success/plan/<int:plan_id>/pdf", type="http", auth="public", website=True
    )
    def cs_my_plan_pdf(self, plan_id, access_token=None, **kwargs):
        plan = self._plan_shown_to_visitor(plan_id, access_token)
        return self._download(plan, PLAN)

    @http.route(
        "/my/success/diagnostic/<int:diagnostic_id>/pdf",
        type="http",
        auth="user",
        website=True,
    )
    def cs_my_diagnostic_pdf(self, diagnostic_id, **kwargs):
        diagnostic = self._diagnostic_shown_to_visitor(diagnostic_id)
        return self._download(diagnostic, DIAGNOSTIC)

    def _download(self, record, report):
        """Give the document of a record that was let through, of nothing the home."""
        if not record:
            return request.redirect("/my")
        return self._show_report(record, "pdf", report, download=True)

    def _diagnostic_shown_to_visitor(self, diagnostic_id):
        """Return the diagnostic, sudoed, or nothing: not shared and none alike."""
        # sudo: what the visitor may have is decided here, and only that is given
        diagnostics = request.env["cs.diagnostic"].sudo()
        diagnostic = diagnostics.browse(diagnostic_id).exists()
        if not diagnostic:
            return diagnostic
        is_ours = diagnostic.with_user(request.env.user).has_access("read")
        if is_ours or self._is_report_of_visitor(diagnostic):
            return diagnostic
        return diagnostics

    def _is_report_of_visitor(self, diagnostic):
        """Whether the visitor signed in as a person of whom it was shared with."""
        is_own = diagnostic.account_id in self._own_accounts()
        return is_own and diagnostic._is_open_to_customer()

    def _prepare_journey_values(self, account, access_token):
        values = super()._prepare_journey_values(account, access_token)
        return {**values, "reports": self._reports_of(account)}

    def _prepare_plan_values(self, plan, access_token):
        values = super()._prepare_plan_values(plan, access_token)
        reports = self._reports_of(plan.account_id)
        mine = [one for one in reports if one["id"] == plan.diagnostic_id.id]
        return {**values, "reports": mine}

    @staticmethod
    def _reports_of(account):
        """Return the reports to offer: who came by a link has none of them."""
        is_known = not request.env.user._is_public()
        return account.get_customer_diagnostics() if is_known else []
