from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, format_amount, format_date, formatLang

from ..facts.reading_parser import EPOCH


class CsFactDisplayMixin(models.AbstractModel):
    """How a person reads a stored fact: as text, by the kind of its metric."""

    _name = "cs.fact.display.mixin"
    _description = "Readable Fact"

    is_known = fields.Boolean(compute="_compute_is_known")
    display_value = fields.Char(string="Known value", compute="_compute_display_value")

    def _compute_is_known(self):
        # The ORM reads an empty number as 0, and 0 is a value.
        known = {
            fact_id
            for (fact_id,) in self.env.execute_query(
                SQL(
                    "SELECT id FROM %s WHERE id = ANY(%s) AND value IS NOT NULL",
                    SQL.identifier(self._table),
                    list(self._origin.ids),
                )
            )
        }
        for fact in self:
            fact.is_known = fact._origin.id in known

    @api.depends("value", "metric_id.kind", "metric_id.unit")
    @api.depends_context("lang")
    def _compute_display_value(self):
        for fact in self:
            if fact.is_known:
                formatter = getattr(self, f"_format_{fact.metric_id.kind}")
                fact.display_value = formatter(fact)
            else:
                fact.display_value = self.env._("unknown")

    def _format_number(self, fact):
        decimals = 0 if fact.value == int(fact.value) else 2
        text = formatLang(self.env, fact.value, digits=decimals)
        return f"{text} {fact.metric_id.unit}" if fact.metric_id.unit else text

    def _format_score(self, fact):
        return self._format_number(fact)

    def _format_percent(self, fact):
        decimals = 0 if fact.value == int(fact.value) else 1
        return f"{formatLang(self.env, fact.value, digits=decimals)} %"

    def _format_money(self, fact):
        return format_amount(self.env, fact.value, fact.account_id.currency_id)

    def _format_boolean(self, fact):
        return self.env._("Yes") if fact.value else self.env._("No")

    def _format_days_since(self, fact):
        return format_date(self.env, EPOCH + timedelta(days=int(fact.value)))

    def _format_days_until(self, fact):
        return self._format_days_since(fact)
