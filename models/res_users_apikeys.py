from datetime import timedelta

from odoo import api, fields, models

#: Scope of a key that opens the ingest of facts and nothing else.
INGEST_SCOPE = "customer_success.ingest"


class ResUsersApikeys(models.Model):
    """Keys by which other systems record facts."""

    _inherit = "res.users.apikeys"

    @api.model
    def _cs_user_of(self, key):
        """Return the id of the user whose key may record facts, or None.

        Keys for everything (Odoo's scope ``rpc``, or none) of users who may record
        facts are good as well.
        """
        for scope in (INGEST_SCOPE, "rpc"):
            if uid := self._check_credentials(scope=scope, key=key):
                return uid
        return None

    @api.model
    def _cs_ending(self, days=30):
        """Return the keys for recording facts that end within some days.

        :param days: how far to look ahead
        :return: ``res.users.apikeys`` records, the one that ends first before the
            others; those that have ended already are not there any more
        """
        group = self.env.ref("customer_success.group_cs_ingest")
        # sudo: administrators of customer success see the keys of its machines, which
        # hold no secret: Odoo keeps a hash alone.
        return self.sudo().search(
            [
                "|",
                ("scope", "=", INGEST_SCOPE),
                ("user_id.all_group_ids", "in", group.ids),
                ("expiration_date", ">=", fields.Datetime.now()),
                ("expiration_date", "<=", fields.Datetime.now() + timedelta(days=days)),
            ],
            order="expiration_date, id",
        )
