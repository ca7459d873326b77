from odoo import models
from odoo.tools import SQL


class CsSegment(models.Model):
    """A segment's touch model is that of its customers, but where set by hand."""

    _inherit = "cs.segment"

    def write(self, vals):
        result = super().write(vals)
        if "touch_model" in vals:
            self._give_touch_model()
        return result

    def _give_touch_model(self, accounts=None):
        """Give customers the touch model of their segment, many at once.

        :param accounts: cs.account records in these segments; None: all of them
        """
        customers = self.env["cs.account"]
        self.flush_recordset(["touch_model"])
        customers.flush_model(["segment_id", "touch_model", "touch_model_by_hand"])
        everyone = accounts is None
        which = SQL("TRUE") if everyone else SQL("a.id = ANY(%s)", accounts.ids)
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE cs_account a
                   SET touch_model = s.touch_model
                  FROM cs_segment s
                 WHERE s.id = a.segment_id AND s.id = ANY(%s)
                   AND %s
                   AND a.touch_model_by_hand IS NOT TRUE
                   AND a.touch_model IS DISTINCT FROM s.touch_model
                RETURNING a.id
                """,
                self.ids,
                which,
            )
        )
        customers.invalidate_model(["touch_model"])
        customers.browse(account_id for (account_id,) in rows)._settle_exclusive_touch()
