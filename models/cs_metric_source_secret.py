from odoo import api, fields, models


class CsMetricSourceSecret(models.Model):
    """What opens the other system: written once, read by nobody but the fetch.

    A table of its own, without any right on it: not in reads, exports or copies of
    the source.
    """

    _name = "cs.metric.source.secret"
    _description = "Secret of a Source"
    _log_access = False
    _allow_sudo_commands = False

    source_id = fields.Many2one(
        comodel_name="cs.metric.source", required=True, ondelete="cascade"
    )
    value = fields.Char(groups=fields.NO_ACCESS)

    _source_uniq = models.UniqueIndex("(source_id)", "A source has one secret.")

    @api.model
    def _of(self, source):
        """Return the secret of a source, "" if it has none."""
        # sudo: nobody has a right on secrets; only fetching code comes here.
        return self.sudo().search([("source_id", "=", source.id)]).value or ""

    @api.model
    def _keep(self, source, value):
        """Replace the secret of a source; an empty one is forgotten."""
        # sudo: as above; who may write the field of the source was checked there.
        known = self.sudo().search([("source_id", "=", source.id)])
        if not value:
            known.unlink()
        elif known:
            known.value = value
        else:
            known.create({"source_id": source.id, "value": value})
