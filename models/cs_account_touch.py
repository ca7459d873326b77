from odoo import api, models
from odoo.exceptions import ValidationError


class CsAccount(models.Model):
    """What a touch model asks of who serves the customer."""

    _inherit = "cs.account"

    @api.constrains("csm_id", "touch_model", "state")
    def _check_exclusive_touch(self):
        """A CSM with an exclusive customer takes no other.

        :raise ValidationError: names the CSM and the customer that is exclusive
        """
        csms = self.filtered(lambda one: one.state == "active").csm_id
        # sudo: the other customer may be one that the user doesn't see
        groups = self.sudo()._read_group(
            [("csm_id", "in", csms.ids), ("state", "=", "active")],
            ["csm_id"],
            ["__count"],
        )
        several = [csm.id for csm, count in groups if count > 1]
        if not several:
            return
        exclusive = self.sudo().search(
            [
                ("csm_id", "in", several),
                ("state", "=", "active"),
                ("touch_model", "=", "exclusive"),
            ],
            limit=1,
        )
        if exclusive:
            raise ValidationError(
                self.env._(
                    "%(csm)s serves %(customer)s exclusively and takes no other "
                    "customer. Choose another CSM, or another touch model.",
                    csm=exclusive.csm_id.name,
                    customer=exclusive.display_name,
                )
            )
