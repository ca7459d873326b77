from odoo import models
from odoo.exceptions import AccessDenied


class ResUsers(models.Model):
    """Users that are no people: they record facts by a key, and do nothing else."""

    _inherit = "res.users"

    def _may_only_ingest(self):
        """Return whether this user is there for recording facts alone."""
        self.ensure_one()
        return (
            self._has_group("customer_success.group_cs_ingest")
            and not self._is_internal()
            and not self._is_portal()
        )

    def _check_credentials(self, credential, env):
        # Neither a page nor XML-RPC, with whatever password or key: the key opens the
        # one address of ingest, see ir.http.
        if self.env.user._may_only_ingest():
            raise AccessDenied
        return super()._check_credentials(credential, env)
