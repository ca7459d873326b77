from urllib.parse import urlsplit

from odoo import http
from odoo.tests import HttpCase, new_test_user

from .message_common import MessageCase


class PortalCase(MessageCase, HttpCase):
    """A customer whose person signs in on the portal, and a stranger who does too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.make_reachable("Marta", "marta@aurora.example")
        cls.other = cls.make_reachable("Sol", "sol@sol.example")
        cls.marta = cls.portal_user("cs_marta", cls.account)
        cls.stranger = cls.portal_user("cs_sol", cls.other)
        cls.portal_template = cls.make_template(
            (
                {"name": "Beginning", "visible_to_customer": True},
                [
                    cls.task(
                        "Send the list",
                        1,
                        responsible="customer",
                        duration_days=3,
                        description="<p>The standard sheet</p>",
                        material="<p>sheet.example</p>",
                    ),
                    cls.task("Check it in secret", 1),
                    cls.task("Meet at noon", 2, visible_to_customer=True),
                ],
            ),
            (
                {"name": "Hidden stage"},
                [cls.task("Say thanks", responsible="customer")],
            ),
            ({"name": "Arrival", "visible_to_customer": True}, [cls.task("Done")]),
        )
        cls.journey = cls.account.start_journey(cls.portal_template)
        cls.task_of_customer = cls.named(cls, cls.journey, "Send the list")

    @classmethod
    def portal_user(cls, login, account):
        return new_test_user(
            cls.env,
            login=login,
            groups="base.group_portal",
            partner_id=account.contact_ids.partner_id.id,
            email=account.contact_ids.email,
            name=account.contact_ids.partner_id.name,
        )

    def sign_in(self, user):
        login = user.login if user else None
        self.authenticate(login, login)

    def url(self, task, token=None):
        return f"/my/success/task/{task.id}" + (
            f"?access_token={token}" if token else ""
        )

    def page(self, path):
        """Return where one lands, and what the page says."""
        answer = self.url_open(path)
        return urlsplit(answer.url).path, answer.text

    def csrf(self):
        return http.Request.csrf_token(self)

    def say_done(self, task, token=""):
        return self.url_open(
            f"/my/success/task/{task.id}/done",
            data={"csrf_token": self.csrf(), "access_token": token},
        )

    def call(self, model, method, *args, **kwargs):
        """Call a method by the web client's own address, as a program could."""
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )
