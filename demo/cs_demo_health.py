from dateutil.relativedelta import relativedelta

from odoo import models

from . import demo_stories as stories


class CsDemo(models.AbstractModel):
    """The health of the demo company: a year of verdicts, and what people say."""

    _inherit = "cs.demo"

    def _judge_past(self, accounts):
        """Judge the last year month by month, each customer by its segment of now."""
        first = accounts._today().replace(day=1)
        history = self.env["cs.segment.history"].search(
            [("account_id", "in", accounts.ids)]
        )
        history.changed_at = accounts._day_start(first - relativedelta(months=13))
        snapshots = self.env["cs.health.snapshot"]
        kept = ("account_id", "scorecard_id", "score", "computed", "band")
        kept += ("band_reason", "coverage", "lines")
        for back in range(12, 0, -1):
            day = first - relativedelta(months=back - 1, days=1)
            snapshots.create(
                [
                    {
                        **{key: row[key] for key in kept},
                        "day": day,
                        "at": accounts._as_of_moment(day).replace(microsecond=0),
                    }
                    for row in accounts._score(as_of=day)
                ]
            )

    def _speak_of_health(self, accounts):
        """Let CSMs note the pulse of some customers, and decide one by hand."""
        for number in stories.PULSES:
            account = accounts[number]
            pulse, note = stories.PULSES[number]
            account.with_user(account.csm_id).action_note_pulse(pulse, note)
        account = accounts[stories.DECIDED]
        account.with_user(account.csm_id).action_override_health(
            stories.DECIDED_WHY,
            score=35,
            until=account._today() + relativedelta(days=30),
        )
