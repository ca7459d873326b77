from base64 import b64encode

from odoo import api, fields, models

from ..sources import registry


class CsMetricSource(models.Model):
    """A web service: where it is, how it is opened, how often it may be asked."""

    _inherit = "cs.metric.source"

    kind = fields.Selection(
        selection_add=[("http", "Web service (HTTP)")], ondelete={"http": "cascade"}
    )
    http_preset = fields.Selection(
        string="Service", selection=[("json", "Any JSON")], default="json"
    )
    http_url = fields.Char(string="Address")
    http_method = fields.Selection(
        string="Method", selection=[("GET", "GET"), ("POST", "POST")], default="GET"
    )
    http_auth = fields.Selection(
        string="Opened by",
        selection=[
            ("none", "Nothing: it is open"),
            ("bearer", "Bearer token"),
            ("header", "Secret header"),
            ("basic", "User and password"),
            ("query", "Parameter in the address"),
        ],
        default="none",
    )
    http_auth_name = fields.Char(string="Its name")
    http_max_per_minute = fields.Integer(
        string="Requests a minute", help="At most so many; 0: no limit."
    )
    http_asked = fields.Json(
        copy=False, help="When the last requests were, in seconds since 1970."
    )

    @api.constrains("http_preset", "http_url", "http_auth", "http_auth_name")
    def _check_http(self):
        for source in self.filtered(lambda one: one.kind == "http"):
            registry.kind_of(source).check()

    def _scrub(self, text):
        secret = self.env["cs.metric.source.secret"]._of(self)
        if secret and self.http_auth == "basic":
            pair = f"{self.http_auth_name or ''}:{secret}"
            text = text.replace(b64encode(pair.encode()).decode(), "•••")
        return super()._scrub(text)
