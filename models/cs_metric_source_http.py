from base64 import b64encode

from odoo import api, fields, models

from ..sources import registry

#: What a service is asked with, as it is filled in when the service is chosen.
_CHOSEN = {
    "json": {"http_method": "GET", "http_auth": "none"},
    "prometheus": {"customer_column": "customer", "http_auth": "none"},
    "grafana": {"customer_column": "customer", "http_auth": "bearer"},
}
_CHECKED = (
    "http_preset", "http_url", "http_method", "http_body", "http_headers",
    "http_auth", "http_auth_name", "http_query", "http_datasource", "http_rows",
    "http_paging", "http_parameter", "http_first", "http_size_parameter",
    "http_page_size", "http_key", "http_next", "http_stop", "http_more", "at_column",
)  # fmt: skip


class CsMetricSource(models.Model):
    """A web service: where it is, how it is opened, what it is asked."""

    _inherit = "cs.metric.source"

    kind = fields.Selection(
        selection_add=[("http", "Web service (HTTP)")], ondelete={"http": "cascade"}
    )
    http_preset = fields.Selection(
        string="Service",
        selection=[
            ("json", "Any JSON"),
            ("prometheus", "Prometheus"),
            ("grafana", "Grafana"),
        ],
        default="json",
    )
    http_url = fields.Char(string="Address")
    http_url_example = fields.Char(compute="_compute_http_examples")
    http_query_example = fields.Char(compute="_compute_http_examples")
    http_auth = fields.Selection(
        string="Access",
        selection=[
            ("none", "Open to all"),
            ("bearer", "Token (Authorization: Bearer)"),
            ("header", "Secret header"),
            ("basic", "User and password"),
            ("query", "Secret parameter of the address"),
        ],
        default="none",
        required=True,
    )
    http_auth_name = fields.Char(
        string="Name beside the secret",
        help="Of the header, of the user, or of the parameter. The secret itself is "
        "entered below.",
    )
    http_headers = fields.Text(
        string="Headers",
        help="Beside ours, one in each line, as Name: value. No secrets: everybody "
        "who opens this page reads them.",
    )
    http_max_per_minute = fields.Integer(
        string="Requests a minute",
        help="At most so many, over all fetches; 0: as many as it takes.",
    )
    http_asked = fields.Json(
        copy=False, help="When the last requests were, in seconds since 1970."
    )

    http_method = fields.Selection(
        string="Method",
        selection=[("GET", "GET"), ("POST", "POST")],
        default="GET",
        required=True,
    )
    http_body = fields.Text(
        string="Body",
        help="JSON. {since}, {today} and the other words in braces are filled in, as "
        "in the address.",
    )
    http_rows = fields.Char(
        string="Path to the rows",
        help="Where in the answer the list of rows is (JMESPath). Empty: the answer "
        "is the list.",
    )
    http_since = fields.Datetime(
        readonly=True,
        copy=False,
        help="When the last fetch began that came to its end: {since}.",
    )
    http_query = fields.Text(string="Query")
    http_datasource = fields.Char(
        string="Data source",
        help="Its uid: the last word of the address of its page in Grafana, under "
        "Connections › Data sources.",
    )
    http_language = fields.Selection(
        string="Language",
        selection=[("expr", "PromQL"), ("rawSql", "SQL")],
        default="expr",
        required=True,
        help="In which the data source is asked.",
    )
    http_from = fields.Char(
        string="From",
        default="now-24h",
        help="Beginning of the time that Grafana looks at, in its own words.",
    )

    http_paging = fields.Selection(
        string="Pages",
        selection=[
            ("none", "All rows come at once"),
            ("page", "By number of the page"),
            ("offset", "By number of rows to skip"),
            ("keyset", "After the last row's key"),
            ("cursor", "By a mark in the answer"),
            ("link", "By a link to the next page"),
        ],
        default="none",
        required=True,
    )
    http_parameter = fields.Char(
        string="Parameter",
        help="Which asks for a page. Empty: the address or the body says where it "
        "stands: {page}, {offset}, {last} or {cursor}.",
    )
    http_first = fields.Char(
        string="First page", help="Its number, or the key after which it begins."
    )
    http_size_parameter = fields.Char(
        string="Parameter of the size", help="Which says how many rows a page has."
    )
    http_page_size = fields.Integer(string="Rows a page", aggregator=None)
    http_key = fields.Char(
        string="Key in the last row", help="Path (JMESPath) of the key in a row."
    )
    http_next = fields.Char(
        string="Path to the next page",
        help="Where in the answer the link to it, or the mark of it, is (JMESPath).",
    )
    http_stop = fields.Selection(
        string="The last page",
        selection=[
            ("empty", "Has no rows"),
            ("short", "Has fewer rows than a page"),
            ("more", "Says that there is no more"),
        ],
        default="empty",
        required=True,
    )
    http_more = fields.Char(
        string="Path to whether there is more",
        help="Where in the answer it says so (JMESPath); empty, null, 0 and false are "
        "no.",
    )
    http_max_pages = fields.Integer(
        string="At most pages",
        default=1000,
        aggregator=None,
        help="A fetch of more is stopped: something is wrong.",
    )

    _http_max_pages_positive = models.Constraint(
        "CHECK(http_max_pages > 0)", "A fetch takes at least one page."
    )
    _http_per_minute_positive = models.Constraint(
        "CHECK(http_max_per_minute >= 0)", "Requests a minute can't be less than 0."
    )

    @api.depends("http_preset", "http_language")
    def _compute_http_examples(self):
        examples = {
            "prometheus": (
                "https://prometheus.example.com",
                "sum by (customer) (increase(logins_total[30d]))",
            ),
            "grafana": (
                "https://grafana.example.com",
                "sum by (customer) (increase(logins_total[30d]))",
            ),
        }
        usual = "https://api.example.com/customers?changed_since={since}", ""
        for source in self:
            url, query = examples.get(source.http_preset, usual)
            if source.http_preset == "grafana" and source.http_language == "rawSql":
                query = "SELECT customer, count(*) AS value FROM logins GROUP BY 1"
            source.http_url_example = url
            source.http_query_example = query

    @api.onchange("http_preset")
    def _onchange_http_preset(self):
        """Fill in what the chosen service is asked with."""
        if self.kind == "http":
            self.update(_CHOSEN.get(self.http_preset, {}))

    @api.constrains(*_CHECKED)
    def _check_http(self):
        """Refuse settings with which the service can't be asked."""
        for source in self.filtered(lambda one: one.kind == "http"):
            registry.kind_of(source).check()

    def _anew(self):
        return {**super()._anew(), "http_since": False}

    def _secret_forms(self, secret):
        pair = f"{self.http_auth_name or ''}:{secret}"
        return {*super()._secret_forms(secret), b64encode(pair.encode()).decode()}
