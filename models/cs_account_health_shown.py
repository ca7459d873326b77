from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..health.ages import Ages

#: How far back the chart and the list of changes look.
HISTORY_MONTHS = 18
CHANGE_DAYS = 30


class CsAccount(models.Model):
    """Health as the customer's form shows it."""

    _inherit = "cs.account"

    health_explanation = fields.Json(
        compute="_compute_health_explanation",
        help="The last verdict line by line, what moved since a month ago, and the "
        "history, for the customer's form.",
    )
    health_note = fields.Char(
        compute="_compute_health_note",
        help="Why the band is not simply what the score says.",
    )

    @api.depends("health_score", "health_band", "health_coverage", "health_override_id")
    @api.depends_context("lang")
    def _compute_health_explanation(self):
        for account in self:
            account.health_explanation = account.id and account._health_shown()

    @api.depends("health_band_reason", "health_override_id", "health_computed")
    @api.depends_context("lang")
    def _compute_health_note(self):
        for account in self:
            account.health_note = account._health_note()

    def _health_note(self):
        """Return in words why the band is not simply what the score says, or False."""
        if self.health_override_id:
            # sudo: who sees the customer sees what was decided of it
            return self.health_override_id.sudo()._in_words()
        # sudo: people read the verdict, whoever may read the scorecard
        card = self.health_scorecard_id.sudo()
        if self.health_band_reason == "grace":
            return self.env._(
                "New customer: it is not judged in its first %s days.", card.grace_days
            )
        if self.health_band_reason == "coverage":
            return self.env._(
                "Too little is known to judge: %(known)s %% of the weight has fresh "
                "facts, %(needed)s %% are needed.",
                known=round(self.health_coverage),
                needed=round(card.min_coverage),
            )
        if self.health_band_reason == "lost" and self._is_age_lost(card):
            return self.env._(
                "Not green, whatever the score: since when it is a customer was known "
                "and is unknown now, and the scorecard judges customers by their age. "
                "Enter it again."
            )
        if self.health_band_reason == "lost":
            return self.env._(
                "Not green, whatever the score: something that was known is unknown "
                "or stale now, and could pull it under %s.",
                round(card.green_from),
            )
        return False

    def _is_age_lost(self, card):
        """Return whether the age was known once, is unknown now, and the card asks."""
        if not Ages(self.env, card, None).limits():
            return False
        tenure = self.env.ref("customer_success.cs_metric_tenure").sudo()
        # sudo: the verdict is explained to whoever sees the customer
        values = self.env["cs.metric.value"].sudo()
        of_age = Domain("account_id", "=", self.id) & Domain(
            "metric_id", "=", tenure.id
        )
        return bool(values.search_count(of_age & Domain("value", "=", None)))

    def _health_shown(self):
        """Return what the widget on the form shows."""
        lines = self._see_lines(self._health_lines())
        if not lines:
            return False
        # sudo: people read the verdict, whoever may read the scorecard
        card = self.health_scorecard_id.sudo()
        weight = sum(line["weight"] for line in lines if line["points"] is not None)
        return {
            "score": self.health_score,
            "computed": self.health_computed,
            "is_overridden": bool(self.health_override_id),
            "scorecard": card.display_name or "",
            "since": format_date(self.env, self._health_snapshot_at().day),
            "limits": [card.yellow_from, card.green_from],
            "lines": [self._line_shown(line, weight) for line in lines],
            "lift": self._health_lift(lines),
            "changes": self._changes_shown(),
            "history": self._health_history(),
        }

    def _line_shown(self, line, weight):
        record, kind = line["record"], line["kind"]
        counts = kind == "measure" and line["points"] is not None and weight
        return {
            "kind": kind,
            "measure": line["measure"],
            "dimension": record._dimension_label() if kind == "measure" else "",
            "seen": self._seen_of_line(line, line["value"]),
            "newer": line["has_newer"] and self._seen_of_line(line, line["newer"]),
            "age_days": self._days_ago(line),
            "points": line["points"],
            "share": round(100 * line["weight"] / weight, 1) if counts else None,
            "lost": line["lost"],
            "contribution": line["contribution"],
        }

    def _days_ago(self, line):
        """Return how many days ago a value is of, as the calendar counts them."""
        at = self._moment_of_line(line)
        if at is None:
            return None
        today = self._today(self.company_id)
        return max(0, (today - self._local_date(at, self.company_id)).days)

    @api.model
    def _seen_of_line(self, line, value):
        if line["kind"] == "override" or not line["record"]:
            return ""
        return line["record"]._seen_in_words(value)

    def _changes_shown(self):
        """Return what moved since a month ago: total, since and the lines."""
        since = fields.Datetime.now() - timedelta(days=CHANGE_DAYS)
        before = self._health_snapshot_at(since)
        if not before:
            return False
        moves = [move for move in self.explain_change(since) if move["contribution"]]
        return {
            "since": format_date(self.env, self._local_date(since, self.company_id)),
            "before": before.score,
            "total": round(self.health_score - before.score, 1),
            "lines": moves,
        }

    def _drawn_snapshots(self, *, is_rebuilt):
        """Return the snapshots of late that the chart draws, the oldest first."""
        first = self._today() - relativedelta(months=HISTORY_MONTHS)
        # sudo: the snapshots of an account that may be read may be read
        snapshots = self.env["cs.health.snapshot"].sudo()
        return snapshots.search(
            [
                ("account_id", "=", self.id),
                ("day", ">=", first),
                ("is_rebuilt", "=", is_rebuilt),
            ],
            order="at",
        )

    def _health_history(self):
        """Return the snapshots of late for the chart, the oldest first."""
        return [
            {
                "day": fields.Date.to_string(snapshot.day),
                "label": format_date(self.env, snapshot.day),
                "score": snapshot.score,
                "computed": snapshot.computed,
                "band": snapshot.band,
                "scorecard": snapshot.scorecard_id.display_name or "",
                "override": snapshot.override_id._in_words()
                if snapshot.override_id
                else "",
            }
            for snapshot in self._drawn_snapshots(is_rebuilt=False)
        ]
