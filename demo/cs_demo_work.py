from datetime import timedelta

from odoo import fields, models

from . import demo_stories as stories

REASON = "Demonstração: o cliente já passou por aqui"


class CsDemo(models.AbstractModel):
    """The work of the demo company: journeys under way, interactions, new deals."""

    _inherit = "cs.demo"

    def _start_journeys(self, accounts):
        """Start the journeys and walk each customer to where its story is."""
        by_template = {}
        for account in accounts:
            template = account._lifecycle_template()
            by_template.setdefault(template, []).append(account.id)
        for template, ids in by_template.items():
            same = accounts.browse(ids)
            self.env["cs.journey"]._start_journeys(same, template)
            same._settle_tasks_closed_by("handoff_accepted")
        newest = accounts[:: len(accounts) // stories.NEW_CUSTOMERS]
        newest = newest[: stories.NEW_CUSTOMERS]
        in_adoption, in_onboarding = newest[:5], newest[5:9]
        settled = accounts - newest
        lifecycle = accounts.journey_ids
        self._advance(lifecycle, settled, times=3)
        self._advance(lifecycle, in_adoption, times=2)
        self._advance(lifecycle, in_onboarding, times=1)
        self._send_back(settled[7:70:9])
        self._wait(in_adoption[:2] | settled[5:60:9], days_late=6)
        self._wait(settled[2:80:7], days_late=0)
        for number, account in enumerate(settled):
            self._let_days_pass(account, 12 + number * 11 % 300)
        for number, account in enumerate(in_adoption[:3]):
            self._let_days_pass(account, 47 + number * 20)
        self._give_a_past(lifecycle)
        lifecycle._engine()._refresh_plan()
        accounts._refresh_pace(lifecycle)

    @staticmethod
    def _advance(journeys, accounts, times):
        mine = journeys.filtered(lambda journey: journey.account_id in accounts)
        for _time in range(times):
            mine.action_advance(REASON)

    @staticmethod
    def _wait(accounts, days_late):
        """Let the first open task of some customers be due so many days ago."""
        for account in accounts:
            task = account.task_ids.filtered(lambda task: task.state == "open")[:1]
            waited = timedelta(days=task.duration_days + days_late)
            task.date_open = task.date_open - waited

    @staticmethod
    def _let_days_pass(account, days):
        """Let a customer have come into its stage some days ago."""
        visit = account.lifecycle_journey_id.visit_id
        visit.entered_on = account._today() - timedelta(days=days)
        account.phase_entered_on = visit.entered_on

    def _log_interactions(self, accounts):
        now = fields.Datetime.now()
        kinds = ("meeting", "call", "email")
        topics = (
            "Revisão dos resultados do mês e próximos passos.",
            "Dúvidas sobre a política de despesas; enviado o material.",
            "Acompanhamento: o time aprovou os relatórios no prazo.",
        )
        steps = (
            "Enviar o resumo dos resultados à diretoria",
            "Conferir se a política nova foi publicada",
            "Marcar a conversa sobre o centro de custo",
        )
        rows = []
        for number, account in enumerate(accounts):
            if number in stories.NO_FACTS:
                continue
            mood = "1" if number in stories.UNHAPPY else str(3 + number % 3)
            newest = 78 if number in stories.IN_TROUBLE else 4 + number * 7 % 40
            for turn, days in enumerate((140, 100, newest)):
                rows.append(
                    {
                        "account_id": account.id,
                        "kind": kinds[(number + turn) % 3],
                        "date": now - timedelta(days=days),
                        "minutes": 30,
                        "user_id": account.csm_id.id,
                        "mood": mood if turn == 2 else "4",
                        "notes": topics[(number + turn) % 3],
                        "next_step": steps[(number + turn) % 3],
                        # Not everybody is met each time.
                        "contact_ids": account.contact_ids[turn % 2 :: 2].ids,
                    }
                )
        self.env["cs.interaction"].create(rows)

    def _make_deals(self):
        """Won deals: two to hand off, one that waits for CS, one sent back."""
        salesperson = self._ref("user_gustavo")
        self.env.ref("base.user_admin").write(
            {"group_ids": [(4, self.env.ref("crm.group_use_recurring_revenues").id)]}
        )
        deals = [
            ("Cooperativa Boa Safra", 4200, "won"),
            ("Clínica Vida Plena", 890, "won"),
            ("Grupo Atlântico Sul", 7600, "submitted"),
            ("Escola Novo Saber", 640, "sent_back"),
        ]
        for name, mrr, state in deals:
            lead = self._make_won_lead(name, mrr, salesperson)
            if state != "won":
                self._hand_off(lead.with_user(salesperson), state)

    def _make_won_lead(self, name, mrr, salesperson):
        partner = self.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "country_id": self.env.ref("base.br").id,
                "child_ids": [
                    (0, 0, {"name": person, "function": function})
                    for person, function, _role in stories.PEOPLE[:2]
                ],
            }
        )
        lead = self.env["crm.lead"].create(
            {
                "type": "opportunity",
                "name": f"Gestão de despesas – {name}",
                "partner_id": partner.id,
                "user_id": salesperson.id,
                "expected_revenue": mrr * 12,
                "recurring_revenue": mrr,
                "recurring_plan": self.env.ref("crm.crm_recurring_plan_monthly").id,
                "description": "<p>Hoje controla despesas em planilha e reembolsa em "
                "20 dias. Quer fechar o mês em 5 dias úteis.</p>",
            }
        )
        lead.action_set_won()
        return lead

    def _hand_off(self, lead, state):
        handoff = lead.action_cs_handoff()
        handoff.write(
            {
                "employees": 260 if lead.recurring_revenue > 2000 else 35,
                "pains": "<p>Reembolso lento e notas fiscais perdidas.</p>",
                "needs": "<p>Aprovação pelo celular e integração com o ERP.</p>",
                "goals": "<p>Fechar o mês em 5 dias úteis até o fim do trimestre.</p>",
            }
        )
        handoff.item_ids[:3].done = True
        handoff.action_submit()
        if state == "sent_back":
            handoff.with_user(self._ref("user_fernanda")).action_send_back(
                "Faltam o escopo da integração com o ERP e quem assina pelo cliente."
            )
