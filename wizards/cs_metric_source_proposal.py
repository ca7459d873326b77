from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..sources import registry
from ..sources.odoo_visibility import PartlyHidden
from ..sources.proposals import fitting


class CsMetricSourceProposal(models.TransientModel):
    """A ready source for an app that is installed, as one person is shown it."""

    _name = "cs.metric.source.proposal"
    _description = "Proposed Source"
    _order = "id"

    key = fields.Char(required=True, readonly=True, export_string_translation=False)
    name = fields.Char(string="Source", readonly=True)
    metric_names = fields.Char(string="What it feeds", readonly=True)
    customer_count = fields.Integer(
        string="Customers",
        readonly=True,
        aggregator=None,
        help="How many customers have a value other than 0 at this moment, as far as "
        "you may see.",
    )
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    state = fields.Selection(
        selection=[
            ("new", "Ready"),
            ("added", "Added"),
            ("refused", "No access"),
        ],
        readonly=True,
    )
    note = fields.Text(readonly=True)
    source_id = fields.Many2one(
        comodel_name="cs.metric.source", string="Added source", readonly=True
    )

    @api.model
    def action_find(self):
        """Open the list of what could be fetched from the apps that are installed."""
        self.env["cs.metric.source"].check_access("create")
        self.search([("create_uid", "=", self.env.uid)]).unlink()
        self.create([self._row(proposal) for proposal in fitting(self.env)])
        return self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.cs_metric_source_proposal_action"
        )

    @api.model
    def _row(self, proposal):
        row = {
            "key": proposal.key,
            "name": self.env._(proposal.name),
            "metric_names": self._metric_names(proposal),
            "company_id": self.env.company.id,
            "state": "new",
            "note": self._fed_by(proposal),
        }
        source = self._added(proposal.key)
        if source:
            note = "" if source.active else self.env._("It is archived.")
            row |= {"state": "added", "source_id": source.id, "note": note}
        try:
            row["customer_count"] = self._count(proposal)
        except UserError as error:
            row["note"] = self._reason(proposal, error)
            row["state"] = row["state"] if source else "refused"
        return row

    def _reason(self, proposal, error):
        """Return why a person cannot add it, in few words."""
        records = self.env["ir.model"]._get(proposal.model).name
        if isinstance(error, PartlyHidden):
            return self.env._(
                "Rules hide some of what is counted here (%(records)s) from you. "
                "Somebody who sees all can add it.",
                records=records,
            )
        if isinstance(error, AccessError):
            return self.env._(
                "You may not read all that is counted here (%(records)s). Somebody who "
                "may can add it.",
                records=records,
            )
        return str(error)

    def _metric_names(self, proposal):
        names = []
        for value in proposal.values:
            metric = value.metric.find(self.env)
            new = self.env._("%(metric)s (new)", metric=self.env._(value.metric.name))
            names.append(metric.name or new)
        return ", ".join(names)

    def _fed_by(self, proposal):
        """Say which other sources feed the same metrics: a fact has one owner."""
        lines = self.env["cs.metric.source.line"].search(
            Domain(
                "metric_id.key", "in", [value.metric.key for value in proposal.values]
            )
            & Domain("source_id.active", "=", True)
            & Domain("source_id.company_id", "in", [self.env.company.id, False])
        )
        sources = lines.source_id.filtered(lambda one: one.proposal != proposal.key)
        if not sources:
            return ""
        return self.env._(
            "Comes already from %(sources)s: of a customer that has it from there, the "
            "value of this one is refused.",
            sources=", ".join(sources.mapped("name")),
        )

    def _added(self, key):
        """Return the source that was added of a proposal, also an archived one."""
        sources = self.env["cs.metric.source"].with_context(active_test=False)
        return sources.search(
            [
                ("proposal", "=", key),
                ("company_id", "in", [self.env.company.id, False]),
            ],
            limit=1,
        )

    def _count(self, proposal):
        """Return how many customers have a value other than 0; nothing is kept.

        :raise UserError: the person may not count this
        """
        with self.env.cr.savepoint() as attempt:
            values = proposal.source_values(self.env) | {"proposal": False}
            source = self.env["cs.metric.source"].create(values)
            pages = registry.kind_of(source._as_owner()).pages()
            count = sum(any(row.facts.values()) for page in pages for row in page.rows)
            attempt.rollback()
        self.env.invalidate_all(flush=False)
        return count

    def action_add(self):
        """Add what is proposed, fetched from now on; what is there already stays."""
        self.env["cs.metric.source"].check_access("create")
        known = {proposal.key: proposal for proposal in fitting(self.env)}
        added = self.env["cs.metric.source"]
        for row in self:
            if row.key in known and row.state != "refused":
                added += row._add(known[row.key])
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if added else "info",
                "message": self._added_text(added),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _add(self, proposal):
        """Return the source that was added, an empty one if it was there before."""
        source = self._added(proposal.key)
        is_new = not source
        if is_new:
            values = proposal.source_values(self.env)
            source = source.create({**values, "is_automatic": True})
        self.write({"state": "added", "source_id": source.id, "note": ""})
        return source if is_new else source.browse()

    def _added_text(self, added):
        if not added:
            return self.env._("There was nothing new to add.")
        return self.env._(
            "Added: %(sources)s. The first values come within minutes.",
            sources=", ".join(added.mapped("name")),
        )

    def action_open(self):
        """Open the source that was added."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "cs.metric.source",
            "res_id": self.source_id.id,
            "view_mode": "form",
        }
