from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import models

from . import demo_features as catalogue
from . import demo_stories as stories


class CsDemo(models.AbstractModel):
    """The features of the demo company's products, and 18 months of their use."""

    _inherit = "cs.demo"

    def _make_features(self):
        """Follow at most 5 features of each product."""
        rows = []
        for product, features in catalogue.FEATURES.items():
            for key, name, unit, kind, feature_kind, full_use, benefit in features:
                rows.append(
                    {
                        "key": key,
                        "name": name,
                        "unit": unit,
                        "kind": kind,
                        "dimension": "engagement",
                        "stale_after_days": 45,
                        "product_id": self._ref(f"product_{product}").id,
                        "feature_kind": feature_kind,
                        "full_use": full_use,
                        "feature_benefit": benefit,
                        "sequence": 200 + len(rows),
                    }
                )
        self.env["cs.metric"].create(rows)

    def _record_features(self, accounts):
        """Record their use, as the story of each customer goes, and what it came to."""
        months = self._months(accounts)
        features = self.env["cs.metric"].search([("product_id", "!=", False)])
        readings = []
        for number, account in enumerate(accounts):
            if number in stories.NO_FACTS:
                continue
            products = account.subscription_ids.product_id
            own = features.filtered(lambda one, has=products: one.product_id in has)
            readings += self._use_of_features(number, account, own, months)
        self.env["cs.metric.value"].record(readings)
        ends = [month + relativedelta(months=1, days=-1) for month in months[:-1]]
        accounts._record_engagement_of(ends, accounts)

    def _use_of_features(self, number, account, features, months):
        users = stories.monthly_users(number, self._employees(number))
        trend = [count / max(users[:-4]) for count in users]
        return [
            self._reading(account, feature.key, value, month)
            for turn, feature in enumerate(features)
            for value, month in zip(
                catalogue.use_of(number, turn, len(months), trend, feature.full_use),
                months,
                strict=True,
            )
        ]

    def _prepare_profile(self, number):
        """Return what the team wrote on a customer: where it came from, what more."""
        if number in stories.NO_FACTS:
            return {}
        came = ("argo", "concur")[number // 4 % 2] if number % 4 == 0 else None
        reviewed = self.env["cs.account"]._today() - timedelta(
            days=8 + number * 17 % 150
        )
        return {
            "competitor_known": True,
            "competitor_id": came and self._ref(f"cs_competitor_{came}").id,
            "potential": ("low", "medium", "high")[number * 5 % 3],
            "potential_mrr": round(self._mrr(number) * (0.1 + number * 3 % 5 / 10), -1),
            "potential_reviewed_on": reviewed,
        }

    def _make_ingest_keys(self):
        """Let two systems send facts; nobody sees their keys, so make others."""
        today = self.env["cs.account"]._today()
        makes = self.env["cs.ingest.key.make"].create(
            [
                {"name": "Hub", "expires_on": today + relativedelta(years=1)},
                {"name": "Faturamento", "expires_on": today + timedelta(days=19)},
            ]
        )
        for make in makes:
            make.action_make()

    @staticmethod
    def _months(accounts):
        """Return the first days of the 18 months of history, the oldest first."""
        first = accounts._today().replace(day=1)
        return [
            first - relativedelta(months=back)
            for back in range(stories.MONTHS - 1, -1, -1)
        ]
