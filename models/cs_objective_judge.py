from odoo import api, fields, models
from odoo.tools import SQL, format_date

#: Days after the due day within which facts still decide; later a person does.
JUDGED_LATE_DAYS = 35
#: Share of the way from the baseline to the target that counts as partly achieved.
PARTLY_FROM = 0.5


class CsObjective(models.Model):
    """The facts decide on objectives that are read from a metric, each night.

    Achieved: the target is reached, on the day on which the fact was true, up to the
    end of the due day. After it: partly when at least half the way was made, else
    missed. What is unknown, or too old to be trusted, is left to a person.
    """

    _inherit = "cs.objective"

    by_hand = fields.Boolean(
        string="Decided by hand",
        tracking=True,
        help="The facts do not decide on it, a person does.",
    )

    @api.model
    def _judge(self, accounts=None):
        """Judge the open objectives of active customers from the facts, set-based.

        :param accounts: the accounts, or a list of their ids; all without it
        :return: the cs.objective records that are decided now
        """
        self.flush_model()
        self.env["cs.account"].flush_model(["state", "active", "company_id"])
        judged = self._judge_by(None, accounts)
        for day in self._days_to_judge(accounts):
            judged += self._judge_by(day, accounts)
        objectives = self.browse(judged)
        if objectives:
            objectives.invalidate_recordset(["outcome", "outcome_on"], flush=False)
            objectives._after_judged()
        return objectives

    def _judge_by(self, day, accounts):
        """Judge by what was true at the end of a due day, or is true now.

        :param day: the due day of the objectives to judge; None: all that are not
            due yet, of which only the achieved ones are decided
        :return: the ids of those decided
        """
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE cs_objective o
                   SET outcome = n.outcome, outcome_on = n.outcome_on,
                       write_uid = %(uid)s, write_date = %(now)s
                  FROM (SELECT j.id, %(outcome)s AS outcome,
                               CASE WHEN NOT j.reached THEN j.today
                                    WHEN j.is_aged THEN LEAST(j.today, j.due_on)
                                    ELSE LEAST(GREATEST(j.true_on, j.agreed_on),
                                               j.today, j.due_on)
                                END AS outcome_on
                          FROM (%(judged)s) j
                         WHERE %(decides)s) n
                 WHERE n.id = o.id
                RETURNING o.id
                """,
                uid=self.env.uid,
                now=fields.Datetime.now(),
                outcome=self._sql_outcome(),
                judged=self._sql_judged(day, accounts),
                decides=SQL("j.reached") if day is None else SQL("TRUE"),
            )
        )
        return [objective_id for (objective_id,) in rows]

    def _sql_outcome(self):
        return SQL(
            """
            CASE WHEN j.reached THEN 'achieved'
                 WHEN (j.target > j.baseline) = j.is_higher_better
                  AND j.target != j.baseline
                  AND (j.value - j.baseline) / (j.target - j.baseline) >= %s
                 THEN 'partly' ELSE 'missed' END
            """,
            PARTLY_FROM,
        )

    def _sql_judged(self, day, accounts):
        """Return the objectives to judge, each with the fact that it is judged by."""
        companies = self.env["cs.account"]._sql_companies()
        due = SQL("(o.due_on IS NULL OR o.due_on >= c.today)")
        if day is not None:
            due = SQL("o.due_on = %s AND o.due_on < c.today", day)
        return SQL(
            """
            SELECT o.id, o.due_on, o.baseline, o.target, v.value, c.today,
                   COALESCE(o.is_higher_better, FALSE) AS is_higher_better,
                   m.kind IN ('days_since', 'days_until') AS is_aged,
                   CASE WHEN o.is_higher_better THEN v.value >= o.target
                        ELSE v.value <= o.target END AS reached,
                   (v.at AT TIME ZONE 'UTC' AT TIME ZONE c.tz)::date AS true_on,
                   (o.create_date AT TIME ZONE 'UTC' AT TIME ZONE c.tz)::date
                   AS agreed_on
              FROM (SELECT id, account_id, metric_id, due_on, create_date,
                           is_higher_better, COALESCE(baseline, 0) AS baseline,
                           COALESCE(target, 0) AS target
                      FROM cs_objective
                     WHERE outcome IS NULL AND metric_id IS NOT NULL
                       AND by_hand IS NOT TRUE) o
              JOIN cs_account a ON a.id = o.account_id
               AND a.active AND a.state = 'active'
              JOIN (%(companies)s) c ON c.company_id = a.company_id
              JOIN cs_metric m ON m.id = o.metric_id
              JOIN (%(values)s) v ON v.account_id = o.account_id
               AND v.metric_id = o.metric_id
             WHERE %(due)s AND %(scope)s
               AND (m.stale_after_days = 0
                    OR v.at >= %(moment)s - make_interval(days => m.stale_after_days))
            """,
            companies=companies,
            values=self.env["cs.metric.value"]._sql_values(day),
            due=due,
            scope=self.env["cs.account"]._sql_scope(SQL("o.account_id"), accounts),
            moment=SQL("%s::timestamp", self.env["cs.account"]._as_of_moment(day)),
        )

    def _days_to_judge(self, accounts):
        """Return the past due days of open objectives, the oldest first."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT o.due_on
                  FROM cs_objective o
                  JOIN (%s) c ON c.company_id = o.company_id
                 WHERE o.outcome IS NULL AND o.metric_id IS NOT NULL
                   AND o.by_hand IS NOT TRUE
                   AND o.due_on < c.today AND o.due_on >= c.today - %s::int
                   AND %s
                 ORDER BY o.due_on
                """,
                self.env["cs.account"]._sql_companies(),
                JUDGED_LATE_DAYS,
                self.env["cs.account"]._sql_scope(SQL("o.account_id"), accounts),
            )
        )
        return [day for (day,) in rows]

    # What follows

    def _after_judged(self):
        """Say on each what was decided and why, and ask to celebrate what was reached.

        Only those decided tonight: few, however large the portfolio.
        """
        for language, mine in self.grouped(lambda one: one.csm_id.lang).items():
            spoken = mine.with_context(lang=language or self.env.lang)
            spoken._message_log_batch(
                bodies={one.id: one._say_judged() for one in spoken}
            )
            spoken.filtered(lambda one: one.outcome == "achieved")._ask_to_celebrate()
        moments = self.filtered("is_value_moment")
        if moments:
            moments.account_id._refresh_value(moments.account_id)

    def _say_judged(self):
        outcomes = dict(self._fields["outcome"]._description_selection(self.env))
        return self.env._(
            "%(outcome)s on %(day)s, as %(metric)s says: %(target)s was to be reached.",
            outcome=outcomes[self.outcome],
            day=format_date(self.env, self.outcome_on),
            metric=self.metric_id.name,
            target=f"{self.target:g} {self.unit or ''}".strip(),
        )

    def _ask_to_celebrate(self):
        for one in self.filtered("csm_id"):
            one.with_context(mail_activity_quick_update=True).activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=one.csm_id.id,
                summary=self.env._("Celebrate it with the customer"),
            )
