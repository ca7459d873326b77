from odoo import api, fields, models
from odoo.exceptions import UserError

#: What a verdict says follows from this.
DECISIVE = (
    "company_id",
    "measure_ids",
    "cap_ids",
    "yellow_from",
    "green_from",
    "min_coverage",
    "grace_days",
)
#: Frozen once somebody was judged by it.
JUDGING = ("state", "version", "origin_id", "effective_from", *DECISIVE)
#: What says which version judges when: written by publishing alone.
PUBLISHED = ("state", "version", "origin_id", "effective_from", "published_by_id")
#: In the context: publishing writes. An object, which no caller from outside has.
PUBLISHING = object()


class CsScorecard(models.Model):
    """Versions of a scorecard: a draft is edited, published ones stay as they are.

    The versions of a scorecard share ``origin_id``, the first of them, which itself
    has none. At a moment the last one that was in effect judges; before the first
    came into effect, the first.
    """

    _inherit = "cs.scorecard"

    state = fields.Selection(
        selection=[("draft", "Draft"), ("published", "Published")],
        required=True,
        default="published",
        help="Drafts judge nobody; they can be tried out and published.",
    )
    origin_id = fields.Many2one(
        comodel_name="cs.scorecard",
        string="First version",
        ondelete="restrict",
        index="btree_not_null",
        copy=False,
    )
    version_ids = fields.One2many(
        comodel_name="cs.scorecard", inverse_name="origin_id", string="Later versions"
    )
    version = fields.Integer(default=1, aggregator=None, copy=False)
    effective_from = fields.Datetime(copy=False, readonly=True)
    published_by_id = fields.Many2one(
        comodel_name="res.users", string="Published by", copy=False, readonly=True
    )
    is_frozen = fields.Boolean(compute="_compute_is_frozen")
    is_in_force = fields.Boolean(
        string="In force", compute="_compute_is_in_force", search="_search_is_in_force"
    )
    draft_id = fields.Many2one(
        comodel_name="cs.scorecard", string="Its draft", compute="_compute_draft_id"
    )

    @api.depends("name", "version", "state", "origin_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for card in self:
            if card.state == "draft":
                card.display_name = self.env._("%(name)s (draft)", name=card.name or "")
            elif card.version > 1:
                card.display_name = self.env._(
                    "%(name)s (version %(version)s)",
                    name=card.name,
                    version=card.version,
                )
            else:
                card.display_name = card.name or ""

    @api.depends("state", "effective_from")
    def _compute_is_frozen(self):
        published = self.filtered(lambda card: card.state == "published")
        # sudo: whether somebody was judged, whoever may see the customer
        snapshots = self.env["cs.health.snapshot"].sudo()
        judging = {
            card.id
            for (card,) in snapshots._read_group(
                [("scorecard_id", "in", published._origin.ids)], ["scorecard_id"]
            )
        }
        for card in self:
            card.is_frozen = card in published and bool(
                card.effective_from or card._origin.id in judging
            )

    def _compute_is_in_force(self):
        in_force = self._versions_in_force()
        for card in self:
            card.is_in_force = card._origin in in_force

    def _search_is_in_force(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("id", "in", self._versions_in_force().ids)]

    @api.depends("version_ids.state", "origin_id.version_ids.state")
    def _compute_draft_id(self):
        for card in self:
            others = (card._family() - card._origin).filtered(
                lambda one: one.state == "draft"
            )
            card.draft_id = others[:1]

    def _family(self):
        """Return all versions of this scorecard, the first one first."""
        self.ensure_one()
        first = self.origin_id or self._origin
        return first | first.version_ids.sorted("version")

    @api.model
    def _versions_in_force(self, as_of=None):
        """Return the versions that judge at a moment, one of each scorecard.

        :param as_of: a naive UTC ``datetime``; None: now
        """
        # sudo: people read the verdict, whoever may read the scorecard
        published = self.sudo().search([("state", "=", "published")])
        moment = as_of or fields.Datetime.now()
        in_force = self.sudo().browse()
        families = published.grouped(lambda card: card.origin_id or card)
        for versions in families.values():
            ordered = versions.sorted("version")
            begun = ordered.filtered(
                lambda card: not card.effective_from or card.effective_from <= moment
            )
            in_force |= (begun or ordered[:1])[-1:]
        return in_force.with_env(self.env)

    # Frozen

    @api.model_create_multi
    def create(self, vals_list):
        cards = super().create(vals_list)
        for card in cards:
            is_later = card.origin_id and card.state == "published"
            if is_later or card.effective_from or card.published_by_id:
                self._refuse_publication()
        return cards

    def write(self, vals):
        is_publishing = self.env.context.get("cs_publishing") is PUBLISHING
        if not (is_publishing or vals.keys().isdisjoint(PUBLISHED)):
            self._refuse_publication()
        if not vals.keys().isdisjoint(JUDGING):
            self._check_not_frozen()
        result = super().write(vals)
        if not vals.keys().isdisjoint(JUDGING):
            self._judge_all_again()
        return result

    def unlink(self):
        self._check_not_frozen()
        return super().unlink()

    def _refuse_publication(self):
        raise UserError(
            self.env._(
                "Which version judges, and from when, is decided by publishing it: "
                'make a draft and press "Publish".'
            )
        )

    def _check_not_frozen(self):
        # It may have judged since this was asked last.
        self.invalidate_recordset(["is_frozen"], flush=False)
        frozen = self.filtered("is_frozen")
        if frozen:
            raise UserError(
                self.env._(
                    "%(scorecard)s has judged customers and stays as it is, so that "
                    "its verdicts keep their meaning. Make a new draft of it, change "
                    "that, and publish it.",
                    scorecard=frozen[0].display_name,
                )
            )

    def _judge_all_again(self):
        """Let no verdict by these cards be taken for unchanged."""
        if any(card.state == "published" for card in self):
            self.env["cs.account"]._forget_verdicts()

    # What people do

    def action_new_draft(self):
        """Make a draft of the next version, or open the one that is being made.

        :return: the action that opens it
        """
        self.ensure_one()
        self.check_access("write")
        draft = self._family().filtered(lambda card: card.state == "draft")[:1]
        if not draft:
            first = self.origin_id or self
            draft = self.copy(
                {
                    "name": self.name,
                    "state": "draft",
                    "origin_id": first.id,
                    "version": max(first._family().mapped("version")) + 1,
                }
            )
        return draft._open_form()

    def action_publish(self, effective_from=None):
        """Let this draft judge, from a moment on; it is frozen then.

        :param effective_from: a naive UTC ``datetime``, not in the past; None: now
        :raise UserError: not a draft, it weighs nothing, or a moment in the past
        """
        self.ensure_one()
        self.check_access("write")
        if self.state != "draft":
            raise UserError(self.env._("This version is published already."))
        self._check_weighs()
        now = fields.Datetime.now()
        moment = fields.Datetime.to_datetime(effective_from) or now
        latest = max(filter(None, self._family().mapped("effective_from")), default=now)
        if moment < now or moment < latest:
            raise UserError(
                self.env._(
                    "It can take effect now or later, but not before another version "
                    "that is published. What was judged stays judged as it was."
                )
            )
        self.with_context(cs_publishing=PUBLISHING).write(
            {
                "state": "published",
                "effective_from": moment,
                "published_by_id": self.env.uid,
            }
        )
        return True

    def action_make_default(self):
        """Let this scorecard judge the customers whose segment names none."""
        self.ensure_one()
        self.check_access("write")
        first = self.origin_id or self
        others = self.search(
            [("is_default", "=", True), ("company_id", "=", first.company_id.id)]
        )
        others.write({"is_default": False})
        self.env.flush_all()
        first.is_default = True

    def _open_form(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }
