from odoo import api, models
from odoo.exceptions import ValidationError


class CsTaskBlueprint(models.AbstractModel):
    """A task as a template has it: what is done later, by whom, is said in advance."""

    _name = "cs.task.blueprint"
    _inherit = ["cs.task.definition"]
    _description = "Task of a Template"

    @api.constrains("responsible", "user_id")
    def _check_fixed_person(self):
        for task in self:
            if task.responsible == "user" and not task.user_id:
                raise ValidationError(
                    self.env._(
                        "Say which person is responsible for %(task)s, or give it to "
                        "the customer's CSM.",
                        task=task.name,
                    )
                )
