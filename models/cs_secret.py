from odoo import api, fields, models


class CsSecret(models.AbstractModel):
    """What opens another system: written once, read by nobody but who opens it.

    Each kind of holder has a table of its own, without any right on it: not in
    reads, exports or copies of the holder, and gone with it.
    """

    _name = "cs.secret"
    _description = "Secret"
    _allow_sudo_commands = False
    #: The field that says whose secret it is, unique.
    _holder = None

    value = fields.Char(groups=fields.NO_ACCESS)

    @api.model
    def _of(self, holder):
        """Return the secret of a holder, "" if it has none."""
        # sudo: nobody has a right on secrets; only what opens the system comes here.
        return self.sudo().search([(self._holder, "=", holder.id)]).value or ""

    @api.model
    def _keep(self, holder, value):
        """Replace the secret of a holder; an empty one is forgotten."""
        # sudo: as above; who may write the field of the holder was checked there.
        known = self.sudo().search([(self._holder, "=", holder.id)])
        if not value:
            known.unlink()
        elif known:
            known.value = value
        else:
            known.create({self._holder: holder.id, "value": value})
