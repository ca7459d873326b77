from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL

from ..facts.planning import in_sweeps

#: Fields that decide who belongs to a segment.
DECISIVE = (
    "name",
    "sequence",
    "company_id",
    "is_default",
    "scope",
    "match",
    "match_count",
    "rule_ids",
)
_SHOWN = 30


class CsSegment(models.Model):
    """Who would move, before anybody does."""

    _inherit = "cs.segment"

    show_simulation = fields.Boolean(
        string="Show who would move",
        store=False,
        help="Judges all customers by the rules as they stand here, saved or not.",
    )
    simulation = fields.Html(store=False, readonly=True, sanitize=False)

    def simulate(self, vals=None):
        """Return who would move if this segment were saved so; nothing is written.

        Choices by hand stay; the days for which a late change is held don't count.

        :param vals: values as :meth:`write` takes them; of none: as it is saved. On
            an empty recordset: those of a new segment
        :return: list of dicts of account_id, customer, from, to (names, "" for
            unsegmented), from_id, to_id, why; the largest MRR first
        :raise ValidationError: the values make no segment
        """
        self.check_access("write")
        if vals and not vals.get("name", self):
            # Who would move does not hang on what the segment is called.
            vals = {**vals, "name": self.env._("New segment")}
        with self.env.cr.savepoint() as attempt:
            if vals and self:
                self.write(vals)
            elif vals:
                self.create(vals)
            self.env.flush_all()
            moves = self._moves()
            attempt.rollback()
        self.env.invalidate_all(flush=False)
        return moves

    @api.model
    def _moves(self):
        everyone = SQL("SELECT id FROM cs_account WHERE active AND state = 'active'")
        counting = self._sql_counting(self._sql_verdicts(everyone), is_held=False)
        # sudo: how many are judged, not how many of them this person sees
        accounts = self.env["cs.account"].sudo()
        with in_sweeps(self.env.cr, accounts.search_count([("state", "=", "active")])):
            # The companies whose customers this person works with, no others.
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT a.id, e.old_id, e.new_id, e.facts
                      FROM (%s) e JOIN cs_account a ON a.id = e.account_id
                     WHERE e.old_id IS DISTINCT FROM e.new_id
                       AND a.company_id = ANY(%s)
                     ORDER BY a.mrr DESC NULLS LAST, a.id
                    """,
                    counting,
                    self.env.companies.ids,
                )
            )
        return self._moves_in_words(rows)

    @api.model
    def _moves_in_words(self, rows):
        accounts = self.env["cs.account"].browse(row[0] for row in rows)
        names = dict(
            zip(accounts.ids, accounts.sudo().mapped("display_name"), strict=True)
        )
        segments = self.sudo().with_context(active_test=False).search([])
        called = {segment.id: segment.name for segment in segments}
        rules = accounts._rules_of([row[3] for row in rows])
        return [
            {
                "account_id": account_id,
                "customer": names[account_id],
                "from_id": old_id,
                "from": called.get(old_id, ""),
                "to_id": new_id,
                "to": called.get(new_id, ""),
                "why": accounts._explain_segment(facts, rules),
            }
            for account_id, old_id, new_id, facts in rows
        ]

    @api.onchange("show_simulation", *DECISIVE)
    def _onchange_show_simulation(self):
        if not self.show_simulation:
            self.simulation = False
            return
        values = {name: self[name] for name in DECISIVE}
        vals = self._convert_to_write(values)
        # A transaction of its own: what is tried there must not touch the form here.
        with self.env.registry.cursor() as cr:
            moves = self._origin.with_env(self.env(cr=cr)).simulate(vals)
            cr.rollback()
        self.simulation = self._moves_as_html(moves)

    def _moves_as_html(self, moves):
        if not moves:
            return Markup("<p>%s</p>") % self.env._("Nobody would move.")
        headline = self.env._("%(count)s would move.", count=len(moves))
        nobody = self.env._("none")
        rows = Markup().join(
            Markup("<tr><td>%s</td><td>%s → %s</td><td>%s</td></tr>")
            % (
                move["customer"],
                move["from"] or nobody,
                move["to"] or nobody,
                move["why"],
            )
            for move in moves[:_SHOWN]
        )
        more = len(moves) - _SHOWN
        rest = (
            Markup("<p>%s</p>") % self.env._("… and %(count)s more.", count=more)
            if more > 0
            else Markup()
        )
        return Markup(
            "<p><strong>%s</strong></p><table class='table table-sm'><tbody>%s"
            "</tbody></table>%s"
        ) % (headline, rows, rest)

    def action_apply(self):
        """Judge all customers by the saved rules now, instead of tonight."""
        self.check_access("write")
        # sudo: the rules hold for every customer of the company
        accounts = self.env["cs.account"].sudo().search([("state", "=", "active")])
        moved = self._assign(accounts)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("%(count)s customers moved.", count=len(moved)),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
