import re

from werkzeug.exceptions import Forbidden, Unauthorized

from odoo import models
from odoo.http import request

from ..controllers.answers import refusal


class IrHttp(models.AbstractModel):
    """Who is who at the door of facts."""

    _inherit = "ir.http"

    @classmethod
    def _auth_method_cs_ingest(cls):
        """Let in who brings a key for recording facts; no session, no cookie."""
        header = request.httprequest.headers.get("Authorization", "")
        bearer = re.fullmatch(r"bearer\s+(\S+)\s*", header, re.IGNORECASE)
        if not bearer:
            raise refusal(
                Unauthorized,
                request.env._(
                    "No key: send it in the header “Authorization: Bearer KEY”."
                ),
            )
        uid = request.env["res.users.apikeys"]._cs_user_of(bearer[1])
        if not uid:
            raise refusal(
                Unauthorized,
                request.env._(
                    "Unknown key: it is mistyped, revoked or past its end. An "
                    "administrator of Customer Success makes a new one."
                ),
            )
        request.update_env(user=uid)
        request.session.can_save = False

    @classmethod
    def _auth_method_bearer(cls):
        result = super()._auth_method_bearer()
        if request.env.user._may_only_ingest():
            raise refusal(
                Forbidden,
                request.env._(
                    "This key may only record facts: POST to "
                    "/json/2/cs.metric.value/ingest."
                ),
            )
        return result
