"""Segment and health of all customers, beside one SQL written by hand, and Odoo's
predictive scoring of as many leads."""

from datetime import timedelta

from odoo import Command, fields

from .harness import Row, Step, row
from .health_by_hand import ByHand

CHANGED = Step("segment + health, everything changed", "one SQL by hand", 1.5)
UNCHANGED = Step("segment + health, nothing changed", "the line above's", 0.4)
HEALTH_UNCHANGED = Step(
    "health of all, nothing changed", "lead scoring of as many, nothing changed", 0.3
)
#: Ten metrics: weight, worst and best of each measure.
METRICS = {
    "active_users": (20, 0, 90),
    "employees": (5, 10, 60),
    "nps": (15, 0, 100),
    "csat": (10, 20, 80),
    "ces": (5, 90, 10),
    "tickets_open": (10, 95, 5),
    "tickets_30d": (5, 70, 0),
    "mrr": (10, 0, 100),
    "trainings_watched": (8, 0, 50),
    "overdue_invoices": (12, 100, 50),
}


@row
class Health(Row):
    name = "health"
    steps = (CHANGED, UNCHANGED, HEALTH_UNCHANGED)

    def prepare(self, size):
        self.turn = 0
        self.accounts = self.env["cs.account"].browse(self.portfolio.account_ids)
        self.card = self._make_card()
        self.by_hand = ByHand(self.env, self.card)
        before = fields.Datetime.now() - timedelta(days=40)
        self.portfolio.record_facts(list(METRICS), before)
        self._change_everything()
        self._judge()
        self.env.cr.commit()
        self.env.cr.execute("ANALYZE cs_account, cs_health_snapshot")
        self._make_leads(size)
        self.env["crm.lead"]._cron_update_automated_probabilities()

    def _make_card(self):
        """The ten metrics, one of them also as a change and one as a ratio."""
        metrics = {
            key: self.env.ref(f"customer_success.cs_metric_{key}") for key in METRICS
        }
        lines = [
            {
                "metric_id": metrics[key].id,
                "weight": weight,
                "worst": worst,
                "best": best,
            }
            for key, (weight, worst, best) in METRICS.items()
        ]
        lines[0] |= {"basis": "change_pct", "worst": -50, "best": 0}
        lines[1] |= {"basis": "ratio", "per_metric_id": metrics["mrr"].id, "best": 2}
        self.env["cs.scorecard"].search([]).write({"is_default": False})
        self.env["cs.segment"].search([]).write({"scorecard_id": False})
        self.env.flush_all()
        return self.env["cs.scorecard"].create(
            {
                "name": "Benchmark",
                "is_default": True,
                "measure_ids": [Command.create(line) for line in lines],
            }
        )

    def _change_everything(self):
        """Give every customer another value of each metric."""
        self.turn += 1
        now = fields.Datetime.now() + timedelta(seconds=self.turn)
        self.portfolio.record_facts(list(METRICS), now, self.turn)

    def _judge(self):
        self.env["cs.segment"]._assign(self.accounts)
        self.accounts._score()

    def _make_leads(self, size):
        """As many pending leads as customers, and won and lost ones to learn from."""
        stages = self.env["crm.stage"].search([])
        won = stages.filtered("is_won")[:1]
        self.env.cr.execute(
            """
            INSERT INTO crm_lead
                   (name, type, active, stage_id, team_id, company_id, priority,
                    won_status, probability, automated_probability,
                    create_date, date_open)
            SELECT 'Lead ' || n, 'opportunity', outcome <> 'lost',
                   CASE WHEN outcome = 'won' THEN %(won)s
                        ELSE (%(stages)s::int[])[1 + n %% %(count)s] END,
                   %(team)s, %(company)s, (n %% 3)::varchar, outcome,
                   CASE outcome WHEN 'won' THEN 100 ELSE 0 END, 0,
                   %(now)s, %(now)s
              FROM (SELECT n, CASE WHEN n <= %(size)s THEN 'pending'
                                   WHEN n %% 2 = 0 THEN 'won' ELSE 'lost' END AS outcome
                      FROM generate_series(1, %(size)s + 1000) n) l
            """,
            {
                "won": won.id,
                "stages": (stages - won).ids,
                "count": len(stages - won),
                "team": self.env["crm.team"].search([], limit=1).id,
                "company": self.env.company.id,
                "now": fields.Datetime.now(),
                "size": size,
            },
        )
        self.env.invalidate_all()

    def round(self, size, clock):
        for yardstick in (False, True):
            self._change_everything()
            self.env.cr.execute("DELETE FROM cs_health_snapshot")
            self.env.cr.commit()
            with clock.time(CHANGED, yardstick=yardstick):
                if yardstick:
                    self.by_hand.judge(self.accounts.ids)
                else:
                    self._judge()
        clock.yardstick[UNCHANGED.name] = clock.yardstick[CHANGED.name]
        # What was judged by hand is judged by the product, outside the clock.
        self._judge()
        self.env.cr.commit()
        with clock.time(UNCHANGED):
            self._judge()
        with clock.time(HEALTH_UNCHANGED):
            self.accounts._score()
        with clock.time(HEALTH_UNCHANGED, yardstick=True):
            self.env["crm.lead"]._cron_update_automated_probabilities()

    def clean(self):
        self.env.cr.execute("DELETE FROM crm_lead WHERE name LIKE 'Lead %'")
        self.portfolio.forget_facts()
