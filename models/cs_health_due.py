from odoo import models

from ..facts.held_many2one import HeldMany2one


class CsHealthDue(models.Model):
    """Customers of whom a fact came, changed or went since they were last judged.

    Whoever writes facts adds a row, whoever judges takes away those it saw; a
    customer may have several. Without keys: nobody waits for anybody here.
    """

    _name = "cs.health.due"
    _description = "Customer Waiting for a Verdict"
    _log_access = False
    _rec_name = "account_id"

    account_id = HeldMany2one(
        comodel_name="cs.account", string="Customer", required=True, ondelete="cascade"
    )
