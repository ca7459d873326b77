from io import SEEK_END
from urllib.parse import quote

from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request
from odoo.tools import consteq

from odoo.addons.portal.controllers.portal import CustomerPortal

#: What a visitor may attach at once: files, and their bytes in total.
MAX_FILES = 10
MAX_MEGABYTES = 20


def opens(record, token):
    """Return whether the token that a visitor gave is the one of a record's link.

    :param record: a sudoed record with ``access_token``
    :param token: any text, or None
    """
    own = record.access_token
    # As bytes: texts with a character beyond ASCII cannot be compared.
    return bool(own and token) and consteq(own.encode(), token.encode())


class CsPortal(CustomerPortal):
    """The customer's page: its journey, and the tasks that are its own."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "success_customer_count" in counters:
            values["success_customer_count"] = len(self._own_accounts())
        if "success_task_count" in counters:
            # sudo: counted of the visitor's own customers only
            tasks = request.env["cs.task"].sudo()
            values["success_task_count"] = tasks.search_count(
                [
                    ("account_id", "in", self._own_accounts().ids),
                    ("is_of_customer", "=", True),
                    ("state", "=", "open"),
                ]
            )
        return values

    def _own_accounts(self):
        """Return the customers under care that the visitor belongs to, sudoed."""
        # sudo: a portal user may read no customer; the page shows what is meant for it
        accounts = request.env["cs.account"].sudo()
        company = request.env.user.partner_id.commercial_partner_id
        return accounts.search(
            [("partner_id", "=", company.id), ("state", "=", "active")]
        )

    # The customer's page

    @http.route("/my/success", type="http", auth="user", website=True, readonly=True)
    def cs_my_success(self, **kwargs):
        accounts = self._own_accounts()
        if len(accounts) == 1:
            return request.redirect(accounts.access_url)
        return request.render(
            "customer_success.portal_my_customers",
            {"accounts": accounts, "page_name": "success"},
        )

    @http.route(
        "/my/success/<int:account_id>",
        type="http",
        auth="public",
        website=True,
    )
    def cs_my_journey(self, account_id, access_token=None, **kwargs):
        account = self._account_shown_to_visitor(account_id, access_token)
        if not account:
            return request.redirect("/my")
        self._speak_to(account)
        account = account.with_context(lang=request.env.lang)
        return request.render(
            "customer_success.portal_my_journey",
            self._prepare_journey_values(account, access_token),
        )

    @staticmethod
    def _speak_to(account, role=None):
        """Let who came by a link read in the language that we write to them in."""
        if request.env.user._is_public():
            person = account._people_with_address(role)[:1]
            lang = person.lang or account.partner_id.lang
            if lang:
                request.update_context(lang=lang)

    def _account_shown_to_visitor(self, account_id, access_token):
        """Return the account, sudoed, or nothing when it is none of the visitor's."""
        # sudo: what the visitor may see is decided here, and only that is shown
        account = request.env["cs.account"].sudo().browse(account_id).exists()
        if not account:
            return account
        by_link = opens(account, access_token)
        user = request.env.user
        is_own = account in self._own_accounts() if not user._is_public() else False
        by_link = by_link and account.active
        if by_link or is_own or account.with_user(user).has_access("read"):
            return account
        return account.browse()

    def _prepare_journey_values(self, account, access_token):
        """Return all that the page shows: nothing else of the account goes there."""
        csm = account.csm_id
        return {
            "page_name": "success",
            "customer": account.partner_id.name,
            "company": account.company_id.name,
            "csm": csm.name,
            "csm_email": csm.email,
            "today": account._today(account.company_id),
            "lines": account.get_customer_stages(),
            "plans": account.get_customer_plans(),
            **account.get_customer_steps(),
            "task_url": self._task_url,
            "access_token": access_token,
        }

    @staticmethod
    def _task_url(task):
        return task.get_portal_url()

    # One task

    @http.route(
        "/my/success/task/<int:task_id>", type="http", auth="public", website=True
    )
    def cs_my_task(self, task_id, access_token=None, **kwargs):
        task = self._task_shown_to_visitor(task_id, access_token)
        if not task:
            return request.redirect("/my")
        return self._render_task(task, access_token)

    def _render_task(self, task, access_token, problem=None, note=""):
        values = {
            "page_name": "success",
            # Not "task": the breadcrumbs of other apps would take it for theirs.
            "cs_task": task,
            "today": task.account_id._today(task.company_id),
            # By the link to a task one sees that task alone.
            "part_of": not request.env.user._is_public() and task._customer_plan(),
            "problem": problem,
            "note": note,
            # The chatter of the page: who may see the task may write on it.
            "token": task._portal_ensure_token(),
        }
        values = self._get_page_view_values(
            task, access_token, values, "my_success_tasks", True
        )
        return request.render("customer_success.portal_my_task", values)

    def _task_shown_to_visitor(self, task_id, access_token):
        """Return a task of the customer, sudoed, or nothing when refused."""
        if access_token and not access_token.isascii():
            access_token = None  # no link of ours, and the comparison would fail
        try:
            task = self._document_check_access("cs.task", task_id, access_token)
        except (AccessError, MissingError):
            return request.env["cs.task"]
        if not task.is_of_customer or not task.account_id.active:
            return task.browse()
        self._speak_to(task.account_id, task.contact_role_id)
        return task.with_context(lang=request.env.lang)

    @http.route(
        "/my/success/task/<int:task_id>/done",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def cs_my_task_done(
        self, task_id, access_token=None, note="", plan_id=None, plan_token=None, **kw
    ):
        task = self._task_shown_to_visitor(task_id, access_token)
        if not task:
            return request.redirect("/my")
        try:
            # Under the visitor's name, with the rights that were checked above.
            task.with_user(request.env.user).sudo()._done_by_customer(
                self._person_of(task),
                note,
                self._uploaded(),
                by_link=request.env.user._is_public(),
            )
        except UserError as error:
            return self._render_task(task, access_token, str(error), note)
        if plan_id and plan_id == str(task.plan_id.id):
            return request.redirect(self._plan_url(task.plan_id, plan_token))
        return request.redirect(task.get_portal_url())

    @staticmethod
    def _uploaded():
        """Return the files that came with the form, as ``(name, bytes)``.

        :raise UserError: they are too many, or too large
        """
        sent = request.httprequest.files.getlist("files")
        files = [file for file in sent if file.filename]
        size = sum(file.stream.seek(0, SEEK_END) for file in files)
        if len(files) > MAX_FILES or size > MAX_MEGABYTES * 2**20:
            raise UserError(
                request.env._(
                    "At most %(files)s files and %(megabytes)s MB can be sent at once. "
                    "Nothing was sent: choose fewer or smaller files. What you wrote "
                    "is still here.",
                    files=MAX_FILES,
                    megabytes=MAX_MEGABYTES,
                )
            )
        for file in files:
            file.stream.seek(0)
        return [(file.filename, file.read()) for file in files]

    @staticmethod
    def _plan_url(plan, token):
        """Return the address of a plan's page, by the link the visitor came by."""
        return (
            f"{plan.access_url}?access_token={quote(token)}"
            if token
            else plan.access_url
        )

    def _person_of(self, task):
        """Return who the visitor is: by the link, whom the task was given to."""
        if request.env.user._is_public():
            return task.partner_id or task.account_id.partner_id
        return request.env.user.partner_id
