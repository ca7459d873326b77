from odoo import models


class CsDemo(models.AbstractModel):
    """What the machine of the demo company shows: sources that ran, names that wait."""

    _inherit = "cs.demo"

    def _run_sources(self):
        """Count what we know ourselves, as the night does."""
        for source in self.env["cs.metric.source"].search([("kind", "=", "builtin")]):
            source._run()

    def _make_names(self, accounts):
        """Let a spreadsheet call customers as nobody here does."""
        source = self.env["cs.metric.source"].create(
            {
                "name": "Uso do produto (planilha)",
                "kind": "sheet",
                "company_id": accounts.company_id.id,
            }
        )
        first, second, third, fourth = accounts[10:50:10].mapped("partner_id.name")
        names = [
            f"{first.upper()} LTDA",
            f"{second} S/A",
            third.lower().replace(" ", "-"),
            fourth.replace(" ", ""),
            "Zebra Participações",
            "44.555.666/0001-81",
        ]
        answer = self.env["cs.metric.value"].record(
            [
                {"account": name, "metric": "active_users", "value": 12 + 7 * number}
                for number, name in enumerate(names)
            ],
            source,
        )
        waiting = len(answer["errors"])
        source._note({"read": waiting, "waiting": waiting}, 0.1)
