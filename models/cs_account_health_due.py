from odoo import api, fields, models
from odoo.tools import SQL

from ..facts.columns import array_text


class CsAccount(models.Model):
    """Who is to be judged anew, and who needs not."""

    _inherit = "cs.account"

    health_judged_at = fields.Datetime(string="Judged at", copy=False)
    health_valid_until = fields.Datetime(
        string="Verdict stays until",
        copy=False,
        help="If no fact comes, the verdict cannot change before this moment. Empty: "
        "to be judged anew.",
    )

    @api.model
    def _forget_verdicts(self, accounts=None):
        """Judge accounts anew next time, all without argument, whatever came of them.

        Nothing of what is shown changes.
        """
        self.flush_model(["health_valid_until"])
        scope = (
            SQL("TRUE")
            if accounts is None
            else SQL("id = ANY(%s::int[])", array_text(accounts.ids))
        )
        self.env.cr.execute(
            SQL(
                "UPDATE cs_account SET health_valid_until = NULL"
                " WHERE health_valid_until IS NOT NULL AND %s",
                scope,
            )
        )
        self.invalidate_model(["health_valid_until"], flush=False)

    def _due_for_verdict(self, judgement):
        """Return those accounts of a judgement whose verdict may differ.

        :param judgement: a ``health.judgement.Judgement`` of the present
        :return: ``[(id, id of the version of the scorecard that judges it)]``
        """
        return self.env.execute_query(
            SQL(
                """
                SELECT a.id, c.scorecard_id
                  FROM (%(cards)s) c JOIN cs_account a ON a.id = c.account_id
                 WHERE c.scorecard_id IS NOT NULL
                   AND (a.health_valid_until IS NULL
                        OR a.health_valid_until <= %(now)s
                        OR a.health_judged_at > %(now)s
                        OR a.health_scorecard_id IS DISTINCT FROM c.scorecard_id
                        OR a.id IN (SELECT account_id FROM cs_health_due))
                 ORDER BY a.id
                """,
                cards=judgement.sql_cards(),
                now=judgement.moment,
            )
        )

    @api.model
    def _settle_due(self, account_ids):
        """Forget that these accounts waited: what this transaction saw is judged."""
        self.env.cr.execute(
            SQL(
                "DELETE FROM cs_health_due WHERE account_id = ANY(%s::int[])",
                array_text(account_ids),
            )
        )

    @api.model
    def _clean_due(self):
        """Let nobody wait who is not judged any more: who left, or was deleted.

        Who comes back is judged anew.
        """
        self.env.cr.execute(
            SQL(
                """
                WITH gone AS (
                    DELETE FROM cs_health_due d
                     WHERE NOT EXISTS (SELECT FROM cs_account a
                                        WHERE a.id = d.account_id
                                          AND a.state = 'active' AND a.active)
                    RETURNING account_id
                )
                UPDATE cs_account SET health_valid_until = NULL
                 WHERE id IN (SELECT account_id FROM gone)
                   AND health_valid_until IS NOT NULL
                """
            )
        )
        self.invalidate_model(["health_valid_until"])
