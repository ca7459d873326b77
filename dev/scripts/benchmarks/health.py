"""Health of all customers, beside Odoo's predictive scoring of as many leads."""

from odoo import fields

from .harness import Row, Step, row

UNCHANGED = Step(
    "health of all, nothing changed", "lead scoring of as many, nothing changed", 0.3
)


@row
class Health(Row):
    name = "health"
    steps = (UNCHANGED,)

    def prepare(self, size):
        scorecards = self.env["cs.scorecard"].search([])
        measured = scorecards.measure_ids.metric_id
        numbers = measured.filtered(
            lambda metric: metric.kind in ("number", "percent", "money", "score")
        )
        self.portfolio.record_facts(numbers.mapped("key"), fields.Datetime.now())
        self.accounts = self.env["cs.account"].browse(self.portfolio.account_ids)
        self.env["cs.segment"]._assign(self.accounts)
        self.accounts._score()
        self._make_leads(size)
        self.env["crm.lead"]._cron_update_automated_probabilities()

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
        with clock.time(UNCHANGED):
            self.accounts._score()
        with clock.time(UNCHANGED, yardstick=True):
            self.env["crm.lead"]._cron_update_automated_probabilities()

    def clean(self):
        self.env.cr.execute("DELETE FROM crm_lead WHERE name LIKE 'Lead %'")
        self.portfolio.forget_facts()
