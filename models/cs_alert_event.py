import json

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class CsAlertRule(models.Model):
    """Rules called by something that happens, instead of watching facts."""

    _inherit = "cs.alert.rule"

    event = fields.Selection(
        selection=[("stage_repeated", "A stage was repeated too often")],
        index="btree_not_null",
        help="What raises the alert at once. Empty: the conditions below, every night.",
    )

    @api.constrains("match", "match_count", "condition_ids", "event")
    def _check_conditions(self):
        for rule in self.filtered("event"):
            if rule.condition_ids:
                raise ValidationError(
                    self.env._(
                        "The alert %(name)s is raised when something happens, so it "
                        "has no conditions. Remove them, or the event.",
                        name=rule.name,
                    )
                )
        watching = self.filtered(lambda rule: not rule.event)
        return super(CsAlertRule, watching)._check_conditions()

    def _run_one(self):
        """Leave alone what happens by itself: nothing is to be judged."""
        if self.event:
            return {"raised": 0, "repeated": 0, "closed": 0}
        return super()._run_one()

    @api.model
    def _raise_event(self, event, observed):
        """Raise the alerts of the rules of an event, or count again where one is open.

        Customers outside a rule's scope, and those in its quiet days, raise none.

        :param event: a value of ``event``
        :param observed: ``{cs.account id: what was seen, as JSON}``
        """
        self.env.flush_all()
        # sudo: alerts are the machine's verdicts, whoever made it happen
        for rule in self.sudo().search([("event", "=", event)]):
            happened = rule._sql_happened(observed)
            rule._count_event_again(happened)
            rule._raise_new(happened)
        self.env.ref("customer_success.ir_cron_run_alert_rules").sudo()._trigger()

    def _sql_happened(self, observed):
        """Return the customers to whom it happened as verdicts of this rule."""
        return SQL(
            """
            (SELECT h.key::int AS account_id, TRUE AS matches, h.value AS observed,
                    h.key::int IN (%(watched)s) AS watched
               FROM jsonb_each(%(observed)s::jsonb) h)
            """,
            watched=self._sql_watched(),
            observed=json.dumps(observed),
        )

    def _count_event_again(self, happened):
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE cs_alert a
                   SET occurrences = a.occurrences + 1, observed = v.observed,
                       last_seen_on = %(now)s
                  FROM %(happened)s v
                 WHERE a.rule_id = %(rule)s AND a.state = 'open' AND v.watched
                   AND a.account_id = v.account_id
                RETURNING a.id
                """,
                now=fields.Datetime.now(),
                happened=happened,
                rule=self.id,
            )
        )
        self.env["cs.alert"].browse(row[0] for row in rows).invalidate_recordset()


class CsAlert(models.Model):
    """An alert of an event says what happened."""

    _inherit = "cs.alert"

    @api.depends("observed")
    @api.depends_context("lang")
    def _compute_explanation(self):
        of_visits = self.filtered(
            lambda alert: any("visit" in seen for seen in alert.observed or [])
        )
        # sudo: whoever may read the alert may read why it was raised
        visits = self.env["cs.journey.visit"].sudo()
        for alert in of_visits:
            known = visits.browse(seen["visit"] for seen in alert.observed).exists()
            alert.explanation = "\n".join(visit._explain_repeats() for visit in known)
        return super(CsAlert, self - of_visits)._compute_explanation()
