from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from .portal import CsPortal, opens


class CsPortalPlan(CsPortal):
    """The plan that is shared with a customer: seen, worked on and agreed to."""

    @http.route(
        "/my/success/plan/<int:plan_id>", type="http", auth="public", website=True
    )
    def cs_my_plan(self, plan_id, access_token=None, **kwargs):
        plan = self._plan_shown_to_visitor(plan_id, access_token)
        if not plan:
            return request.redirect("/my")
        return self._render_plan(plan, access_token)

    def _plan_shown_to_visitor(self, plan_id, access_token=None):
        """Return the plan, sudoed, or nothing: not shared, another's and none alike."""
        # sudo: what the visitor may see is decided here, and only that is shown
        plan = request.env["cs.plan"].sudo().browse(plan_id).exists()
        if not plan:
            return plan
        # Our people look at it before it is shared.
        is_ours = plan.with_user(request.env.user).has_access("read")
        if not is_ours and not self._is_shared_with_visitor(plan, access_token):
            return plan.browse()
        self._speak_to(plan.account_id)
        return plan.with_context(lang=request.env.lang)

    def _is_shared_with_visitor(self, plan, access_token):
        by_link = opens(plan, access_token)
        return plan._is_open_to_customer() and (by_link or self._is_of_visitor(plan))

    def _is_of_visitor(self, plan):
        """Whether the visitor signed in as a person of the plan's customer."""
        is_signed_in = not request.env.user._is_public()
        return is_signed_in and plan.account_id in self._own_accounts()

    def _may_validate(self, plan):
        """Whether the visitor, known by name, may agree for the customer."""
        return plan._is_open_to_customer() and self._is_of_visitor(plan)

    def _render_plan(self, plan, access_token, problem=None):
        values = self._prepare_plan_values(plan, access_token)
        return request.render(
            "customer_success.portal_my_plan", {**values, "problem": problem}
        )

    def _prepare_plan_values(self, plan, access_token):
        """Return all that the page shows: nothing else of the plan goes there."""
        return {
            "page_name": "success",
            "cs_plan": plan.get_customer_plan(),
            "plan_id": plan.id,
            "plan_token": access_token,
            "customer": plan.account_id.partner_id.name,
            "company": plan.company_id.name,
            "csm": plan.account_id.csm_id.name,
            "csm_email": plan.account_id.csm_id.email,
            "today": plan.account_id._today(plan.company_id),
            "task_url": self._task_url,
            "is_hidden": not plan._is_open_to_customer(),
            "may_act": self._is_shared_with_visitor(plan, access_token),
            "may_validate": self._may_validate(plan),
        }

    @http.route(
        "/my/success/plan/<int:plan_id>/validate",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def cs_my_plan_validate(self, plan_id, **kwargs):
        plan = self._plan_shown_to_visitor(plan_id)
        if not plan or not self._may_validate(plan):
            return request.redirect("/my")
        try:
            plan.with_user(request.env.user).sudo()._validate_by_customer(
                request.env.user.partner_id
            )
        except UserError as error:
            return self._render_plan(plan, None, problem=str(error))
        return request.redirect(plan.access_url)

    @http.route(
        "/my/success/plan/<int:plan_id>/document/<int:document_id>",
        type="http",
        auth="public",
        website=True,
        readonly=True,
    )
    def cs_my_plan_document(self, plan_id, document_id, access_token=None, **kwargs):
        plan = self._plan_shown_to_visitor(plan_id, access_token)
        document = plan.document_ids.filtered(lambda one: one.id == document_id)
        if not document:
            return request.redirect("/my")
        # sudo: the plan was checked, and this file is given with it
        stream = request.env["ir.binary"].sudo()._get_stream_from(document)
        # Never shown in the page: a file may be anything.
        return stream.get_response(as_attachment=True)
