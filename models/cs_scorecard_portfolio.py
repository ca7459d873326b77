from odoo import models

#: Of those that would change band, so many are named: the ones that pay most.
SHOWN = 40
#: Scores are counted by tens, a full 100 with the nineties.
WIDTH, BARS = 10, 10


class CsScorecard(models.Model):
    """What a scorecard would say of the whole portfolio, as a picture and in words."""

    _inherit = "cs.scorecard"

    def _portfolio_as_html(self, rows):
        """Show verdicts beside those of now: scores, bands, and who changes band.

        :param rows: as :meth:`try_out` returns them
        :return: markup
        """
        movers = sorted(
            (row for row in rows if row["changes_band"]), key=lambda row: -row["mrr"]
        )
        return self.env["ir.qweb"]._render(
            "customer_success.scorecard_portfolio",
            {
                "headline": self._movers_in_words(len(movers), len(rows)),
                "decided": self._decided_in_words(rows),
                "spread": self._distribution(rows),
                "bands": self._band_names(),
                "counts": self._band_counts(rows),
                "movers": movers[:SHOWN],
                "more": len(movers) - SHOWN,
                "points": self._points,
            },
        )

    def _movers_in_words(self, movers, count):
        return self.env._(
            "%(movers)s of %(count)s customers would change band.",
            movers=movers,
            count=count,
        )

    def _decided_in_words(self, rows):
        count = sum(bool(row["decided"]) for row in rows)
        if not count:
            return ""
        if count == 1:
            return self.env._(
                "1 customer is decided by hand: that counts until it ends, whatever a "
                "scorecard says."
            )
        return self.env._(
            "%(count)s customers are decided by hand: that counts until it ends, "
            "whatever a scorecard says.",
            count=count,
        )

    def _band_counts(self, rows):
        """Return how many customers each band has: ``[(name, key, before, after)]``."""
        return [
            (
                name,
                band,
                sum(row["band_before"] == band for row in rows),
                sum(row["band"] == band for row in rows),
            )
            for band, name in self._band_names().items()
        ]

    def _distribution(self, rows):
        """Return how the scores of customers with a verdict are spread.

        :param rows: as :meth:`try_out` returns them
        :return: dict of ``bars`` (``from``, ``to``, ``before``, ``after`` as numbers of
            customers, ``before_height``, ``after_height`` in % of the tallest, and the
            ``band`` of its middle), ``unknown_before`` and ``unknown_after``
        """
        before, after = [0] * BARS, [0] * BARS
        unknown = {"before": 0, "after": 0}
        for row in rows:
            for when, counts, band, score in (
                ("before", before, row["band_before"], row["score_before"]),
                ("after", after, row["band"], row["score"]),
            ):
                if band == "unknown":
                    unknown[when] += 1
                else:
                    counts[min(int(score // WIDTH), BARS - 1)] += 1
        tallest = max(*before, *after, 1)
        return {
            "bars": [
                {
                    "from": number * WIDTH,
                    "to": number * WIDTH + WIDTH,
                    "before": was,
                    "after": will_be,
                    "before_height": round(100 * was / tallest),
                    "after_height": round(100 * will_be / tallest),
                    "band": self._band_of_score(number * WIDTH + WIDTH / 2),
                }
                for number, (was, will_be) in enumerate(zip(before, after, strict=True))
            ],
            "unknown_before": unknown["before"],
            "unknown_after": unknown["after"],
        }
