from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date, formatLang

from ..facts.customer_guess import SURE, CustomerGuess


class CsMetricUnmatched(models.Model):
    """What helps a person to say quickly who is meant."""

    _inherit = "cs.metric.unmatched"

    suggested_account_id = fields.Many2one(
        comodel_name="cs.account",
        string="Probably",
        compute="_compute_suggestion",
    )
    suggestion = fields.Char(string="Because", compute="_compute_suggestion")
    is_sure = fields.Boolean(compute="_compute_suggestion")
    sample = fields.Char(
        string="What waits",
        compute="_compute_sample",
        help="The newest of the values that wait for their customer.",
    )

    @api.depends("reference", "state", "source_id.company_id")
    @api.depends_context("allowed_company_ids", "lang")
    def _compute_suggestion(self):
        waiting = self.filtered(lambda name: name.state == "waiting")
        guess = CustomerGuess(self.env, self.env.companies)
        guesses = guess.of(
            {
                name: (name.reference, name.source_id.company_id.id or None)
                for name in waiting
            }
        )
        for name in self:
            found = guesses.get(name)
            name.suggested_account_id = found and found.account_id
            name.suggestion = found and self._why(found)
            name.is_sure = bool(found) and found.certainty >= SURE

    def _why(self, guess):
        return {
            "vat": self.env._("Same CNPJ root"),
            "domain": self.env._("Same e-mail domain"),
            "reference": self.env._("Same reference but for zeros"),
            "name": self.env._(
                "%(percent)s %% alike", percent=round(guess.certainty * 100)
            ),
        }[guess.reason]

    @api.depends("waiting_count")
    @api.depends_context("lang")
    def _compute_sample(self):
        self.flush_model(["readings"])
        newest = dict(
            self.env.execute_query(
                SQL(
                    "SELECT id, readings -> -1 FROM cs_metric_unmatched"
                    " WHERE id = ANY(%s) AND jsonb_typeof(readings) = 'array'",
                    self._origin.ids,
                )
            )
        )
        keys = {reading["metric"] for reading in newest.values() if reading}
        metrics = {
            metric.key: metric
            for metric in self.env["cs.metric"].search([("key", "in", list(keys))])
        }
        for name in self:
            reading = newest.get(name._origin.id)
            name.sample = reading and self._reading_text(reading, metrics)

    def _reading_text(self, reading, metrics):
        metric = metrics.get(reading["metric"])
        value = reading["value"]
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            value = formatLang(self.env, value, digits=0 if value % 1 == 0 else 2)
        day = str(reading["at"])[:10]
        return self.env._(
            "%(metric)s: %(value)s (%(date)s)",
            metric=metric.name if metric else reading["metric"],
            value=self.env._("unknown") if value is None else value,
            date=format_date(self.env, day) if day[:4].isdigit() else day,
        )

    def action_take_suggestion(self):
        """Say that these are the customers who are suggested.

        Of several names at once only those are taken of which there is little doubt.

        :raise UserError: nobody is suggested for any of them
        """
        self.check_access("write")
        waiting = self.filtered(lambda name: name.state == "waiting")
        wanted = waiting.filtered("suggested_account_id")
        if len(self) > 1:
            wanted = wanted.filtered("is_sure")
        if not wanted:
            raise UserError(
                self.env._(
                    "There is nobody whom these names surely mean. Choose the "
                    "customers by hand."
                )
            )
        wanted._explain({name: name.suggested_account_id for name in wanted})

    def action_make_customers(self):
        """Ask for what is needed to make customers of these names."""
        self.check_access("write")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.cs_unmatched_customer_action"
        )
        waiting = self.filtered(lambda name: name.state == "waiting")
        action["context"] = {"default_unmatched_ids": waiting.ids}
        return action
