from odoo import models
from odoo.exceptions import UserError


class CsDiagnosticPart(models.AbstractModel):
    """What a template is made of: kept as long as diagnostics refer to it."""

    _name = "cs.diagnostic.part"
    _description = "Part of a Diagnostic Template"

    def _refuse_to_delete_used(self, used):
        """Raise when diagnostics or tasks hold some of these records.

        :param used: the records of ``self`` that are held
        """
        if used:
            raise UserError(
                self.env._(
                    "Diagnostics were done with %(names)s, so it cannot be deleted. "
                    "Archive it: new diagnostics will leave it out.",
                    names=", ".join(used.mapped("display_name")),
                )
            )
