from odoo import api, fields, models
from odoo.tools import SQL

from ..facts.writer import ReadingWriter
from ..sources import registry


class CsAccount(models.Model):
    """Engagement by features: what it is made of, and what it was."""

    _inherit = "cs.account"

    feature_use_ids = fields.One2many(
        comodel_name="cs.feature.use",
        inverse_name="account_id",
        string="Features",
        readonly=True,
    )
    engagement_summary = fields.Char(
        string="Engagement", compute="_compute_engagement_summary"
    )

    @api.depends_context("lang")
    def _compute_engagement_summary(self):
        for account in self:
            lines = account.explain_engagement() if account.id else []
            account.engagement_summary = account._summarize_engagement(lines)

    def _summarize_engagement(self, lines):
        """Say in a sentence what the lines of an explanation come to."""
        counted = [line for line in lines if line["state"] == "counted"]
        if not lines:
            return self.env._("No feature of its products is followed.")
        if not counted:
            return self.env._(
                "Unknown: none of the %(total)s features has a fresh value.",
                total=len(lines),
            )
        points = round(sum(line["contribution"] for line in counted))
        if len(counted) == len(lines):
            return self.env._(
                "%(points)s of 100, from %(total)s features. Essential ones count "
                "twice.",
                points=points,
                total=len(lines),
            )
        return self.env._(
            "%(points)s of 100, from %(counted)s of %(total)s features. Essential ones "
            "count twice; what is unknown or too old is left out.",
            points=points,
            counted=len(counted),
            total=len(lines),
        )

    def explain_engagement(self, as_of=None):
        """Explain the engagement of this customer, feature by feature.

        :param as_of: None (now), a UTC ``datetime`` or a ``date`` (end of that day)
        :return: a list of dicts, one for each followed feature of the products with
            a subscription in force: ``metric`` (key), ``feature`` (name),
            ``product``, ``feature_kind``, ``value`` (None: unknown), ``at``,
            ``full_use``, ``state`` (counted, stale, unknown), ``points`` (0–100,
            None unless counted), ``weight`` and ``contribution``: points of the
            engagement, which is their sum, rounded to 0.1
        """
        self.ensure_one()
        self.check_access("read")
        uses = self.env["cs.feature.use"]._sql_uses(
            as_of, lambda column: self._sql_scope(column, self)
        )
        rows = self.env.execute_query_dict(
            SQL("SELECT * FROM (%s) u ORDER BY product_id, metric_id", uses)
        )
        total = sum(row["weight"] for row in rows if row["state"] == "counted")
        return [self._explain_use(row, total) for row in rows]

    def _explain_use(self, row, total):
        # sudo: the features of a customer that may be read may be read.
        metric = self.env["cs.metric"].sudo().browse(row["metric_id"])
        counted = row["state"] == "counted"
        return {
            "metric": metric.key,
            "feature": metric.name,
            "product": metric.product_id.display_name,
            "feature_kind": metric.feature_kind,
            "full_use": metric.full_use,
            "contribution": row["weight"] * row["points"] / total if counted else 0.0,
            **{key: row[key] for key in ("value", "at", "state", "points", "weight")},
        }

    @api.model
    def _record_engagement_of(self, days, accounts=None):
        """Record what the engagement was at the end of past days.

        For features that are followed from now on while their readings go further
        back: nobody else counts the past.

        :param days: iterable of ``date``
        :param accounts: the accounts, all without it
        """
        # sudo: the source is found and its facts written whoever asks.
        source = (
            self.env["cs.metric.source"].sudo().search([("builtin", "=", "engagement")])
        )
        if not source:
            return
        count = registry.BUILTINS["engagement"](self.env)
        writer = ReadingWriter(self.env, source)
        for day in sorted(days):
            facts = count.facts(lambda column: self._sql_scope(column, accounts), day)
            moment = self._as_of_moment(day).replace(microsecond=0)
            writer.store(
                SQL(
                    """
                    SELECT f.account_id, m.id AS metric_id, f.value::float8 AS value,
                           %s AS at
                      FROM (%s) f JOIN cs_metric m ON m.key = f.key
                    """,
                    moment,
                    facts,
                )
            )
