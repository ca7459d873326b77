from odoo import api, models
from odoo.fields import Domain


class CsPortfolio(models.AbstractModel):
    """The headline of a portfolio; each figure says which records it counts."""

    _inherit = "cs.portfolio"

    @api.model
    def _figures(self, scope):
        accounts = self.env["cs.account"]
        [total], bands, phases, segments, classes = accounts._read_grouping_sets(
            scope.accounts,
            [[], ["health_band"], ["phase_id"], ["segment_id"], ["nps_class"]],
            ["__count", "mrr:sum_currency"],
        )
        renewals = scope.accounts & Domain("renewal_near", "=", True)
        return {
            "customers": total[0],
            "mrr": total[1] or 0,
            "currency_id": self.env.company.currency_id.id,
            "nps": self._nps({key: count for key, count, _mrr in classes}),
            "bands": {band: count for band, count, _mrr in bands},
            "phases": self._chips(phases),
            "segments": self._chips(segments),
            "renewals": accounts.search_count(renewals),
            "domains": {"customers": list(scope.accounts), "renewals": list(renewals)},
        }

    @api.model
    def _nps(self, counts):
        """Return promoters − detractors in percent of those who answered, or False.

        :param counts: customers of each class
        """
        answered = sum(count for key, count in counts.items() if key)
        if not answered:
            return False
        balance = counts.get("promoter", 0) - counts.get("detractor", 0)
        return round(100 * balance / answered)

    @api.model
    def _chips(self, groups):
        """Return what the customers can be filtered by, in its own order."""
        counts = {record.id: count for record, count, _mrr in groups if record}
        records = groups and groups[0][0].browse(counts)
        return [
            {"id": record.id, "name": record.name, "count": counts[record.id]}
            for record in (records.sorted() if records else ())
        ]
