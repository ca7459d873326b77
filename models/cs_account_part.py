from odoo import fields, models
from odoo.exceptions import UserError


class CsAccountPart(models.AbstractModel):
    """What belongs to a customer stays with it.

    The record rules are asked before a write only: without this, somebody could
    move a record to a customer whom they may not see.
    """

    _name = "cs.account.part"
    _description = "Part of a Customer"

    account_id = fields.Many2one(
        comodel_name="cs.account",
        string="Customer",
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, index=True, precompute=True
    )

    def write(self, vals):
        if "account_id" in vals and not self.env.su:
            self._check_account_stays(vals["account_id"])
        return super().write(vals)

    def _check_account_stays(self, account_id):
        if any(part.account_id.id != account_id for part in self):
            raise UserError(
                self.env._(
                    "%(record)s stays with its customer. Make another one there, and "
                    "delete this one.",
                    record=self[:1].display_name,
                )
            )
