from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError


class CsAccount(models.Model):
    """People may know better: health decided by hand, for a time, with a reason."""

    _inherit = "cs.account"

    health_override_id = fields.Many2one(
        comodel_name="cs.health.override", string="Health decided by hand", copy=False
    )
    health_override_ids = fields.One2many(
        comodel_name="cs.health.override", inverse_name="account_id", copy=False
    )

    def action_override_health(self, reason, score=None, band=None, until=None):
        """Let a score or a band count instead of what the scorecard says.

        It survives every judgement until it ends; what would be computed is shown
        beside it (``health_computed``). An override in force is replaced.

        :param reason: why, in words
        :param score: 0–100; the band follows from it, unless it is given too
        :param band: red, yellow, green or unknown; alone: the score stays
        :param until: a ``date``, the last day on which it counts; None: until ended
        :raise UserError: no reason, neither score nor band, a score out of range, a
            day that has passed, or a customer that has left
        """
        self.check_access("write")
        self._check_override(reason, score, band)
        self._check_still_judged()
        until = self._last_day(until)
        if until and any(until < one._today(one.company_id) for one in self):
            raise UserError(self.env._("The last day of the override has passed."))
        # sudo: whoever works the customer may decide; the record itself is guarded
        accounts = self.sudo()
        accounts._close_overrides(fields.Datetime.now())
        overrides = accounts.env["cs.health.override"].create(
            [
                {
                    "account_id": account.id,
                    "by_score": score is not None,
                    "score": score or 0,
                    "band": band,
                    "reason": reason.strip(),
                    "user_id": self.env.uid,
                    "since": fields.Datetime.now(),
                    "until": until,
                }
                for account in accounts
            ]
        )
        for override in overrides:
            override.account_id._log_health(
                self.env._("Health decided by hand: %s", override._in_words())
            )
        accounts._judge_by_hand()

    @api.model
    def _check_override(self, reason, score, band):
        if not isinstance(reason or "", str) or not (reason or "").strip():
            raise UserError(self.env._("Say why health is decided by hand."))
        if score is None and not band:
            raise UserError(self.env._("Set a score or a band."))
        if score is not None and not _is_score(score):
            raise UserError(self.env._("A score lies between 0 and 100."))
        bands = dict(self._fields["health_band"]._description_selection(self.env))
        if band and (not isinstance(band, str) or band not in bands):
            raise UserError(
                self.env._("A band is one of %(bands)s.", bands=", ".join(bands))
            )

    def _check_still_judged(self):
        left = self.filtered(lambda one: one.state != "active")
        if left:
            raise UserError(
                self.env._(
                    "%(customer)s has left: its health stays as it was then. It is "
                    "judged again when it comes back.",
                    customer=left[0].display_name,
                )
            )

    @api.model
    def _last_day(self, until):
        """Return the last day of an override as a ``date``, or False."""
        try:
            return fields.Date.to_date(until or False)
        except (TypeError, ValueError) as error:
            raise UserError(
                self.env._("The last day of the override is not a date.")
            ) from error

    def action_end_health_override(self):
        """Let the scorecard decide again, at once."""
        self.check_access("write")
        # sudo: as it was decided, so it is ended
        accounts = self.sudo()
        ended = accounts._close_overrides(fields.Datetime.now())
        for override in ended:
            override.account_id._log_health(
                self.env._("Health is computed again: %s", override._in_words())
            )
        accounts._judge_by_hand()

    def _close_overrides(self, moment):
        """End what is in force of these accounts.

        :return: the cs.health.override records
        """
        overrides = self.env["cs.health.override"].search(
            [("account_id", "in", self.ids), ("ended_at", "=", False)]
        )
        overrides.write({"ended_at": moment, "ended_by_id": self.env.uid})
        overrides.flush_recordset()
        return overrides

    @api.model
    def _end_overrides_of_the_past(self):
        """End the overrides whose last day has passed: the nightly action."""
        overrides = self.env["cs.health.override"].search(
            [
                ("ended_at", "=", False),
                self._compare_with_today("until", "<"),
            ]
        )
        for override in overrides:
            account = override.account_id
            override.ended_at = self._day_start(
                override.until + timedelta(days=1), account.company_id
            )
            account._log_health(
                self.env._(
                    "Its last day has passed, health is computed again: %s",
                    override._in_words(),
                )
            )
        self._forget_verdicts(overrides.account_id)

    def _judge_by_hand(self):
        """Judge these accounts at once, after somebody changed something of them.

        Who has left keeps the verdict of then.
        """
        judged = self.filtered(lambda one: one.state == "active")
        if judged:
            self._forget_verdicts(judged)
            judged._score()

    def _log_health(self, words):
        self._message_log(body=Markup("<p>%s</p>") % words)


def _is_score(number):
    is_number = isinstance(number, (int, float)) and not isinstance(number, bool)
    return is_number and 0 <= number <= 100
