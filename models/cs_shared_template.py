from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CsSharedTemplate(models.AbstractModel):
    """A template of one company, or shared by all, from which records are made."""

    _name = "cs.shared.template"
    _description = "Template of One Company or Shared"
    #: The model that is made from the template, with a ``template_id``.
    _used_by = None

    company_id = fields.Many2one(
        comodel_name="res.company", index=True, help="Empty: shared by all companies."
    )

    @api.constrains("company_id")
    def _check_company_of_use(self):
        for template in self.filtered("company_id"):
            # sudo: those of companies that the user does not see count too
            used = self.env[self._used_by].sudo()
            if used.search_count(
                [
                    ("template_id", "=", template.id),
                    ("company_id", "!=", template.company_id.id),
                ],
                limit=1,
            ):
                raise ValidationError(template._say_used_elsewhere())

    def _say_used_elsewhere(self):
        """Return why this template cannot become that of one company."""
        raise NotImplementedError

    def copy_data(self, default=None):
        """Name the copies as copies."""
        vals_list = super().copy_data(default=default)
        if "name" not in (default or {}):
            for template, vals in zip(self, vals_list, strict=True):
                vals["name"] = self.env._("%(name)s (copy)", name=template.name)
        return vals_list
