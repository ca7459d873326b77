from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, format_date, formatLang

from .cs_account import HEALTH_BANDS


class CsHealthOverride(models.Model):
    """A person's word on the health of a customer: it counts until it ends.

    The scorecard goes on judging beside it.
    """

    _name = "cs.health.override"
    _description = "Health Override"
    _order = "since desc, id desc"
    _rec_name = "reason"

    account_id = fields.Many2one(
        comodel_name="cs.account",
        string="Customer",
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(related="account_id.company_id")
    by_score = fields.Boolean(
        string="Sets the score", help="Otherwise the band alone is set."
    )
    score = fields.Float(digits=(5, 1), aggregator=None)
    band = fields.Selection(
        selection=HEALTH_BANDS, help="Empty: as the score and the scorecard say."
    )
    reason = fields.Text(required=True)
    user_id = fields.Many2one(comodel_name="res.users", string="By", required=True)
    since = fields.Datetime(required=True)
    until = fields.Date(help="The last day on which it counts. Empty: until ended.")
    ended_at = fields.Datetime()
    ended_by_id = fields.Many2one(comodel_name="res.users", string="Ended by")

    _score_in_range = models.Constraint(
        "CHECK(score BETWEEN 0 AND 100)", "A score lies between 0 and 100."
    )
    _one_in_force = models.UniqueIndex(
        "(account_id) WHERE ended_at IS NULL",
        "The health of this customer is overridden already.",
    )

    @api.constrains("by_score", "band")
    def _check_says_something(self):
        for override in self:
            if not override.by_score and not override.band:
                raise ValidationError(self.env._("Set a score or a band."))

    @api.model
    def _sql_at(self, moment, day):
        """Return what was in force at a moment, one row per account.

        :param moment: a naive UTC ``datetime``
        :param day: its date at the company
        :return: an ``SQL``: id, account_id, score (NULL: not set), band (NULL: not
            set), since, until
        """
        return SQL(
            """
            SELECT DISTINCT ON (account_id) id, account_id,
                   CASE WHEN by_score THEN score END AS score, band, since, until
              FROM cs_health_override
             WHERE since <= %(moment)s
               AND (ended_at IS NULL OR ended_at > %(moment)s)
               AND (until IS NULL OR until >= %(day)s)
             ORDER BY account_id, since DESC, id DESC
            """,
            moment=moment,
            day=day,
        )

    def _in_words(self):
        """Return what was decided, by whom, until when and why."""
        self.ensure_one()
        bands = dict(self._fields["band"]._description_selection(self.env))
        what = [formatLang(self.env, self.score, digits=1)] if self.by_score else []
        what += [bands[self.band]] if self.band else []
        words = {
            "what": ", ".join(what),
            "who": self.user_id.name,
            "reason": self.reason,
        }
        if self.until:
            return self.env._(
                "%(what)s, by %(who)s until %(until)s: %(reason)s",
                until=format_date(self.env, self.until),
                **words,
            )
        return self.env._("%(what)s, by %(who)s until ended: %(reason)s", **words)
