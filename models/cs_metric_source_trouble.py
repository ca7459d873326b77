from odoo import api, fields, models
from odoo.tools import SQL

#: So many failures in a row, or intervals without anything, and its owner is told.
TOLD_AFTER = 3
_GROUP = "customer_success.group_cs_specialist"


class CsMetricSource(models.Model):
    """Who looks after a source hears once that it does not work."""

    _name = "cs.metric.source"
    _inherit = ["cs.metric.source", "mail.thread", "mail.activity.mixin"]

    told_at = fields.Datetime(
        readonly=True,
        copy=False,
        help="When somebody was told that it does not work; empty since it works.",
    )

    @api.model
    def _tell_of_trouble(self):
        """Plan an activity for each source that does not work; once until it did."""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT s.id
                  FROM cs_metric_source s
                 WHERE s.active AND s.told_at IS NULL
                   AND (s.failures >= %s OR %s)
                 ORDER BY s.id
                """,
                TOLD_AFTER,
                self._sql_is_late(TOLD_AFTER),
            )
        )
        for source in self.browse(source_id for (source_id,) in rows):
            source._tell()

    def _tell(self):
        self.ensure_one()
        # sudo: it is the machine that plans it.
        source = self.sudo()
        source.told_at = fields.Datetime.now()
        user = source._who_looks_after()
        if user:
            source = source.with_context(lang=user.lang)
            source.activity_schedule(
                "customer_success.mail_activity_source_trouble",
                summary=source._trouble_summary(),
                note=source.last_error or False,
                user_id=user.id,
            )

    def _trouble_summary(self):
        if self.failures:
            return self.env._(
                "Nothing comes from %(name)s: it failed %(count)s times in a row",
                name=self.name,
                count=self.failures,
            )
        return self.env._("Nothing comes from %(name)s", name=self.name)

    def _who_looks_after(self):
        """Return the owner, or an administrator where the owner is no longer there."""
        owner = self.user_id
        if owner.active and owner._is_internal() and owner.has_group(_GROUP):
            return owner
        administrators = self.env.ref("customer_success.group_cs_admin").all_user_ids
        companies = self.company_id
        return administrators.filtered(
            lambda user: (
                user.active and (not companies or companies <= user.company_ids)
            )
        ).sorted("id")[:1]

    def _forget_trouble(self):
        """It works again: what was planned for it is done by itself."""
        told = self.sudo().filtered("told_at")
        told.told_at = False
        told.activity_unlink(["customer_success.mail_activity_source_trouble"])
