import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from .cs_scorecard_measure import DIMENSIONS

METRIC_KINDS = [
    ("number", "Number"),
    ("percent", "Percentage"),
    ("money", "Money"),
    ("boolean", "Yes or no"),
    ("score", "Score"),
    ("days_since", "Days since a date"),
    ("days_until", "Days until a date"),
]
#: Kinds whose stored value is a date (days since 1970-01-01), read as an age.
DATE_KINDS = ("days_since", "days_until")


class CsMetric(models.Model):
    """A quantity that is known of customers: MRR, active users, last NPS…

    Metrics are shared by all companies; what is known of a customer is in
    ``cs.metric.value`` (present) and ``cs.metric.reading`` (history).
    """

    _name = "cs.metric"
    _description = "Metric"
    _order = "sequence, name, id"
    _rec_names_search = ["name", "key"]

    key = fields.Char(
        required=True,
        copy=False,
        help="Technical name by which rules and integrations call this metric.",
    )
    name = fields.Char(required=True, translate=True)
    unit = fields.Char(
        translate=True, help="Written after the value: users, %, points…"
    )
    kind = fields.Selection(selection=METRIC_KINDS, default="number", required=True)
    dimension = fields.Selection(
        selection=[("profile", "About the customer"), *DIMENSIONS],
        string="Subject",
        help="Under which heading people look for it.",
    )
    higher_is_better = fields.Boolean(default=True)
    stale_after_days = fields.Integer(
        default=45,
        aggregator=None,
        help="A value older than this is not trusted any more. 0: never, for events "
        "and for what is kept here anyway.",
    )
    description = fields.Text(translate=True)
    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True)

    _key_uniq = models.UniqueIndex("(key)", "A metric with this key exists already.")
    _stale_after_positive = models.Constraint(
        "CHECK(stale_after_days >= 0)", "A value cannot be stale before it is known."
    )

    @api.constrains("key")
    def _check_key(self):
        for metric in self:
            if not re.fullmatch(r"[a-z][a-z0-9_]*", metric.key):
                raise ValidationError(
                    self.env._(
                        "The key “%(key)s” must be small letters, digits and _, and "
                        "begin with a letter.",
                        key=metric.key,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        if "kind" in vals:
            self._check_kind_change(vals["kind"])
            self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    def _check_kind_change(self, kind):
        """Refuse to read stored numbers as dates, or dates as numbers."""
        changed = self.filtered(
            lambda metric: (metric.kind in DATE_KINDS) != (kind in DATE_KINDS)
        )
        # sudo: readings of other companies or portfolios count as well.
        readings = self.env["cs.metric.reading"].sudo()
        if changed and readings.search_count(
            [("metric_id", "in", changed.ids)], limit=1
        ):
            raise ValidationError(
                self.env._(
                    "Values are recorded already: a date cannot become a number."
                )
            )

    @api.model
    @ormcache("tuple(kinds)")
    def _ids_of_kinds(self, kinds):
        """Return the ids of the metrics of some kinds, archived ones included.

        Kept in memory: every reading of facts asks it.

        :param kinds: iterable of keys of ``kind``
        """
        return self.with_context(active_test=False).search([("kind", "in", kinds)]).ids
