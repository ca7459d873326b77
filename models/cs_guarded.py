from odoo import api, models
from odoo.exceptions import UserError


class CsGuarded(models.AbstractModel):
    """Fields that only the addon's own methods write, whoever may edit the rest.

    Record rules are asked before a write: without this, a record could be moved to
    somebody else's customer, or a verdict be made up.
    """

    _name = "cs.guarded"
    _description = "Guarded Fields"
    _guarded_fields = ()

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_guarded(
                name
                for name in self._guarded_fields
                if name in vals and vals[name] != self._guarded_default(name)
            )
        return super().create(vals_list)

    def write(self, vals):
        self._check_guarded(vals)
        return super().write(vals)

    @api.model
    def _guarded_default(self, name):
        field = self._fields.get(name)
        return field.default(self) if field and field.default else False

    @api.model
    def _check_guarded(self, names):
        if self.env.su:
            return
        guarded = [name for name in names if name in self._guarded_fields]
        if guarded:
            labels = self.fields_get(guarded, ["string"])
            raise UserError(
                self.env._(
                    "%(fields)s cannot be written by hand: it follows from facts and "
                    "from what is decided with the buttons.",
                    fields=", ".join(labels[name]["string"] for name in guarded),
                )
            )
