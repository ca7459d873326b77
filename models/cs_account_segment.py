from odoo import api, fields, models


class CsAccount(models.Model):
    """Why a customer is in its segment, in the reader's language."""

    _inherit = "cs.account"

    segment_facts = fields.Json(
        copy=False,
        help="Answers of the rules, kept so that the verdict explains itself.",
    )
    segment_explanation = fields.Text(compute="_compute_segment_explanation")

    @api.depends("segment_facts", "segment_id")
    @api.depends_context("lang")
    def _compute_segment_explanation(self):
        rules = self.env["cs.segment.rule"].sudo()
        known = rules.browse(
            {
                rule["rule"]
                for account in self
                for verdict in account.segment_facts or []
                for rule in verdict["rules"]
            }
        ).exists()
        for account in self:
            lines = [
                self._explain_verdict(verdict, known)
                for verdict in account.segment_facts or []
            ]
            account.segment_explanation = "\n".join(filter(None, lines))

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
