from odoo import http
from odoo.http import request


class OptOut(http.Controller):
    """The link at the end of our e-mails, by which a person gets no more of them."""

    URL = "/customer-success/opt-out/<int:person_id>/<string:token>"

    @http.route(URL, type="http", auth="public", methods=["GET"], website=True)
    def ask(self, person_id, token, **kwargs):
        # A page only: mail programs follow links by themselves.
        return self._page(person_id, token, done=False)

    @http.route(URL, type="http", auth="public", methods=["POST"], website=True)
    def opt_out(self, person_id, token, **kwargs):
        person = self._person(person_id, token)
        if person:
            person._cs_opt_out()
        return self._page(person_id, token, done=bool(person))

    def _page(self, person_id, token, done):
        person = self._person(person_id, token)
        if person.lang:
            request.update_context(lang=person.lang)
        return request.render(
            "customer_success.opt_out_page",
            {"email": person.email_normalized, "known": bool(person), "done": done},
        )

    def _person(self, person_id, token):
        # sudo: the signed link says who it was sent to
        person = request.env["res.partner"].sudo().browse(person_id)
        return person if person._cs_check_opt_out_token(token) else person.browse()
