from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class CsAccount(models.Model):
    """Why a customer is in its segment, since when, and who said so."""

    _inherit = "cs.account"

    segment_facts = fields.Json(
        copy=False,
        help="Answers of the rules, kept so that the verdict explains itself.",
    )
    segment_explanation = fields.Text(compute="_compute_segment_explanation")
    segment_computed_id = fields.Many2one(
        comodel_name="cs.segment",
        string="Segment by the rules",
        copy=False,
        help="What the rules say today, beside what counts.",
    )
    segment_held_until = fields.Date(
        copy=False,
        help="The rules changed the segment lately: until this day they don't change "
        "it again.",
    )
    segment_lock_reason = fields.Text(
        string="Reason of the choice", copy=False, help="Why it was chosen by hand."
    )
    segment_locked_until = fields.Date(string="Chosen until", copy=False)
    segment_locked_by_id = fields.Many2one(
        comodel_name="res.users", string="Chosen by", copy=False
    )
    segment_note = fields.Char(compute="_compute_segment_note")
    segment_history_ids = fields.One2many(
        comodel_name="cs.segment.history", inverse_name="account_id", copy=False
    )
    can_switch_journey = fields.Boolean(compute="_compute_can_switch_journey")

    @api.depends("segment_facts", "segment_id")
    @api.depends_context("lang")
    def _compute_segment_explanation(self):
        rules = self._rules_of(self.mapped("segment_facts"))
        for account in self:
            account.segment_explanation = self._explain_segment(
                account.segment_facts, rules
            )

    @api.depends(
        "segment_id",
        "segment_computed_id",
        "segment_held_until",
        "segment_lock_reason",
        "segment_locked_until",
    )
    @api.depends_context("lang")
    def _compute_segment_note(self):
        for account in self:
            account.segment_note = account._segment_note()

    def _segment_note(self):
        """Return why the segment isn't what the rules say today, else False."""
        computed = self.segment_computed_id.name or self.env._("none")
        if self.segment_lock_reason:
            words = {
                "user": self.segment_locked_by_id.name,
                "until": format_date(self.env, self.segment_locked_until),
                "reason": self.segment_lock_reason,
                "computed": computed,
            }
            if self.segment_locked_until:
                return self.env._(
                    "Chosen by %(user)s until %(until)s: %(reason)s. The rules say: "
                    "%(computed)s.",
                    **words,
                )
            return self.env._(
                "Chosen by %(user)s until released: %(reason)s. The rules say: "
                "%(computed)s.",
                **words,
            )
        is_held = self.segment_id or self.segment_held_until
        if is_held and self.segment_computed_id != self.segment_id:
            return self.env._(
                "The rules say %(computed)s, but it changed lately: it stays until "
                "%(until)s.",
                computed=computed,
                until=format_date(self.env, self.segment_held_until),
            )
        return False

    @api.depends("segment_id", "journey_ids.state")
    def _compute_can_switch_journey(self):
        for account in self:
            wanted = account.sudo().segment_id.journey_template_id
            running = account.lifecycle_journey_id.template_id
            account.can_switch_journey = bool(
                wanted and running and wanted != running and account.segment_id
            )

    @api.model
    def _rules_of(self, all_facts):
        """Return the rules that kept answers speak of, as far as they still exist."""
        # sudo: the verdict is explained to whoever sees the customer
        return (
            self.env["cs.segment.rule"]
            .sudo()
            .browse(
                {
                    rule["rule"]
                    for facts in all_facts
                    for verdict in facts or []
                    for rule in verdict["rules"]
                }
            )
            .exists()
        )

    @api.model
    def _explain_segment(self, facts, rules):
        """Return kept answers in words, a line for each segment.

        :param facts: as ``segment_facts`` keeps them
        :param rules: the cs.segment.rule records that still exist
        """
        lines = [self._explain_verdict(verdict, rules) for verdict in facts or []]
        return "\n".join(filter(None, lines))

    @api.model
    def _explain_verdict(self, verdict, rules):
        """Return one segment's verdict in words, the missing facts named."""
        segment = self.env["cs.segment"].sudo().browse(verdict["segment"]).exists()
        answers = [
            (rule, answer)
            for answer in verdict["rules"]
            if (rule := rules.browse(answer["rule"])) in rules
        ]
        if not segment or not answers:
            return ""
        matched = [r._answer(a["value"]) for r, a in answers if a["holds"]]
        failed = [r._answer(a["value"]) for r, a in answers if a["holds"] is False]
        missing = [r.metric_id.name for r, a in answers if a["holds"] is None]
        words = [
            self.env._(
                "%(segment)s: %(matched)s of %(total)s, %(needed)s needed.",
                segment=segment.name,
                matched=len(matched),
                total=len(answers),
                needed=segment._rules_needed(),
            )
        ]
        if matched:
            words.append(self.env._("Yes: %(facts)s.", facts="; ".join(matched)))
        if failed:
            words.append(self.env._("No: %(facts)s.", facts="; ".join(failed)))
        if missing:
            words.append(self.env._("Unknown: %(facts)s.", facts="; ".join(missing)))
        return " ".join(words)

    # By hand

    def action_set_segment(self, segment, reason, until=None):
        """Put customers in a segment by hand; it stays until that day, or released.

        :param segment: a cs.segment, or its id
        :param reason: why, in words
        :param until: a ``date``, the last day of the choice; None: until released
        :raise UserError: no reason, or a day that has passed
        """
        self.check_access("write")
        segment = self.env["cs.segment"].browse(
            segment if isinstance(segment, int) else segment.ids
        )
        segment.check_access("read")
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the segment is chosen by hand."))
        until = fields.Date.to_date(until)
        if until and any(until < one._today(one.company_id) for one in self):
            raise UserError(self.env._("The last day of the choice has passed."))
        # sudo: whoever works the customer may choose; the field itself is guarded
        for account in self.sudo():
            account._note_segment_change("hand", segment, reason)
            account.write(
                {
                    "segment_lock_reason": reason.strip(),
                    "segment_locked_until": until,
                    "segment_locked_by_id": self.env.uid,
                    # What the rules changed before is overruled with its days.
                    "segment_held_until": False,
                    **account._segment_values(segment),
                }
            )

    def action_release_segment(self):
        """Let the rules decide again, at once."""
        self.check_access("write")
        chosen = self.sudo().filtered("segment_lock_reason")
        for account in chosen:
            account._note_segment_change(
                "released", account.segment_computed_id, account.segment_lock_reason
            )
            account.write(
                {
                    "segment_lock_reason": False,
                    "segment_locked_until": False,
                    "segment_locked_by_id": False,
                    "segment_held_until": False,
                    **account._segment_values(account.segment_computed_id),
                }
            )
        self.env["cs.segment"]._assign(chosen)

    def _segment_values(self, segment):
        """Return the segment, and its touch model unless one was set by hand."""
        values = {"segment_id": segment.id}
        if segment and not self.touch_model_by_hand:
            values.update(touch_model=segment.touch_model, touch_model_by_hand=False)
        return values

    def _note_segment_change(self, kind, segment, reason):
        self.env["cs.segment.history"].create(
            {
                "account_id": self.id,
                "previous_id": self.segment_id.id,
                "segment_id": segment.id,
                "changed_at": fields.Datetime.now(),
                "kind": kind,
                "user_id": self.env.uid,
                "reason": reason,
            }
        )

    def action_switch_journey(self):
        """End the running journey and start that of the present segment."""
        self.check_access("write")
        for account in self.filtered("can_switch_journey"):
            # sudo: a segment's template is the company's, whoever starts it
            template = account.sudo().segment_id.journey_template_id.sudo(False)
            account.lifecycle_journey_id.action_cancel(
                self.env._(
                    "The segment is %(segment)s now.", segment=account.segment_id.name
                )
            )
            account.start_journey(template)

    def action_open_segment_history(self):
        """Open who was in which segment when and why, of this customer."""
        return self._open("cs_segment_history_action")
