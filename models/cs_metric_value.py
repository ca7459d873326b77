from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..facts.batch import ReadingBatch
from ..facts.held_many2one import HeldMany2one


class CsMetricValue(models.Model):
    """The present of facts: the newest reading of each customer and metric.

    ``record()`` is the only door through which facts come in, ``_sql_values()`` the
    only relation from which verdicts read them.
    """

    _name = "cs.metric.value"
    _description = "Fact"
    _inherit = ["cs.fact.display.mixin"]
    _order = "account_id, metric_id"
    _rec_name = "metric_id"
    # Rewritten in bulk: who and when is the source and ``at``.
    _log_access = False

    account_id = HeldMany2one(
        comodel_name="cs.account",
        string="Customer",
        required=True,
        ondelete="cascade",
    )
    metric_id = HeldMany2one(
        comodel_name="cs.metric", required=True, ondelete="restrict"
    )
    value = fields.Float(
        aggregator="avg", help="For dates: days since 1970-01-01. Empty: unknown."
    )
    at = fields.Datetime(required=True, help="The moment of which the value was true.")
    source_id = HeldMany2one(
        comodel_name="cs.metric.source",
        ondelete="set null",
        help="Who owns this fact: while the source is active, nobody else writes it.",
    )
    age_days = fields.Integer(string="Age (days)", compute="_compute_age")

    _account_metric_uniq = models.UniqueIndex(
        "(account_id, metric_id)", "This metric of the customer has a value already."
    )

    def init(self):
        # Rewritten every day: with room on its page a row stays there, and the
        # indexes need not be told.
        self.env.cr.execute(
            SQL("ALTER TABLE %s SET (fillfactor = 50)", SQL.identifier(self._table))
        )

    @api.depends("at")
    def _compute_age(self):
        accounts = self.env["cs.account"]
        for fact in self:
            company = fact.account_id.company_id
            day = accounts._local_date(fact.at, company)
            fact.age_days = (accounts._today(company) - day).days

    def action_open_readings(self):
        """Open the history of this fact."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.cs_metric_reading_action"
        )
        action["domain"] = [
            ("account_id", "=", self.account_id.id),
            ("metric_id", "=", self.metric_id.id),
        ]
        action["display_name"] = self.env._(
            "%(metric)s of %(customer)s",
            metric=self.metric_id.name,
            customer=self.account_id.display_name,
        )
        return action

    # The door

    @api.model
    @api.private
    def record(self, readings, source=None):
        """Record facts of customers: the only door through which they come in.

        Good readings are kept, each bad one is named. The same call twice changes
        nothing; of two readings of the same customer, metric and moment the one
        received last wins, also within a call. The present moves only forward: a
        late reading goes into the history alone. What an administrator withdrew is
        refused when it comes again.

        :param readings: list of at most 50,000 dicts with

            - ``account``: the id of a ``cs.account``, or text: its external id, else
              the ``ref`` of its partner, else its CNPJ/VAT by digits;
            - ``metric``: the key of a ``cs.metric``;
            - ``value``: a number; for dates an ISO date; None: unknown from then on;
            - ``at``: ISO time or ``datetime``, UTC unless it says otherwise; a date
              alone is the beginning of that day at the customer's company; now
              without it;
            - ``company``: id or name, where the account is to be looked for; else in
              all the caller's companies;
            - ``currency``: code of the money of ``value``, converted at ``at``.
        :param source: the ``cs.metric.source`` that brings them; it owns the facts
            it writes as long as it is active
        :return: ``{"recorded": n, "unchanged": n, "errors": [{"index": i, "reason":
            text}]}``, errors in the order of the readings
        :raise UserError: not a list, or longer than 50,000
        """
        return ReadingBatch(self.env, source).record(readings)

    @api.model
    def ingest(self, readings):
        """Record facts of customers from outside, see :meth:`record`.

        ``POST /json/2/cs.metric.value/ingest`` with ``{"readings": [...]}``.

        :param readings: as :meth:`record` takes them
        :return: as :meth:`record`
        :raise AccessError: without the group that ingests facts, or administers
        :raise UserError: not a list, or longer than 50,000
        """
        user = self.env.user
        if not (
            user.has_group("customer_success.group_cs_ingest")
            or user.has_group("customer_success.group_cs_admin")
        ):
            raise AccessError(self.env._("You may not record facts of customers."))
        # Read before sudo: only there are the companies of the context checked.
        companies = self.env.companies
        # sudo: the group may record facts and do nothing else, not even see them.
        door = self.sudo().with_context(allowed_company_ids=companies.ids)
        return door.record(readings)
