from werkzeug.exceptions import BadRequest, Forbidden, UnprocessableEntity

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request

from .answers import answer, refusal

#: What a call may say; ``ids`` is what clients of Odoo send with every call.
_PARAMETERS = {"readings", "context", "ids"}


class Ingest(http.Controller):
    """The public door of facts, at the address that Odoo gives every method.

    An own controller, so that it takes keys that open nothing else and answers
    mistakes in one sentence. What it does is ``cs.metric.value.ingest()``.
    """

    @http.route(
        "/json/2/cs.metric.value/ingest",
        type="http",
        auth="cs_ingest",
        methods=["POST"],
        csrf=False,
        save_session=False,
    )
    def ingest(self, **_form):
        """Record the readings of the body: ``{"readings": [...]}``."""
        body = self._read_body()
        values = request.env["cs.metric.value"].with_context(**self._context_of(body))
        try:
            result = values.ingest(body["readings"])
        except AccessError as error:
            raise refusal(Forbidden, error.args[0]) from error
        except UserError as error:
            raise refusal(UnprocessableEntity, error.args[0]) from error
        return answer(result)

    def _read_body(self):
        """Return the body as a dict that has readings."""
        try:
            body = request.get_json_data()
        except (ValueError, RecursionError) as error:
            raise refusal(
                BadRequest,
                request.env._(
                    'The body is not JSON. Send {"readings": [...]} with the header '
                    "“Content-Type: application/json”."
                ),
            ) from error
        if not isinstance(body, dict) or "readings" not in body:
            raise refusal(
                UnprocessableEntity,
                request.env._('“readings” is missing: send {"readings": [...]}.'),
            )
        unknown = sorted(body.keys() - _PARAMETERS)
        if unknown:
            raise refusal(
                UnprocessableEntity,
                request.env._("Unknown: %(names)s", names=", ".join(unknown)),
            )
        return body

    def _context_of(self, body):
        """Return what a caller may choose: the language, and its companies."""
        context = body.get("context") or {}
        known = {"lang": request.env.user.lang}
        try:
            if context.get("lang") in dict(request.env["res.lang"].get_installed()):
                known["lang"] = context["lang"]
            if context.get("allowed_company_ids"):
                known["allowed_company_ids"] = [
                    int(company) for company in context["allowed_company_ids"]
                ]
        except (AttributeError, TypeError, ValueError) as error:
            raise refusal(
                UnprocessableEntity,
                request.env._(
                    "“context” takes “lang”, a code, and “allowed_company_ids”, a list "
                    "of ids."
                ),
            ) from error
        return known
