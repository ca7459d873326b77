from dateutil.relativedelta import relativedelta

from odoo import Command, api, models

from . import demo_stories as stories

CSMS = ("ana", "bruno", "camila", "diego")


class CsDemo(models.AbstractModel):
    """Makes the demo company, through the same methods that people use."""

    _name = "cs.demo"
    _description = "Demo Company"

    @api.model
    def _build(self):
        """Fill a database that has demo data with 115 customers and their stories."""
        self.with_context(
            tracking_disable=True, mail_create_nosubscribe=True
        )._make_everything()

    def _make_everything(self):
        # Odoo loads translations after the demo data; tasks copy what is there.
        self.env["ir.module.module"]._get("customer_success")._update_translations()
        self._settle_company()
        self._settle_users()
        self._make_team()
        self._make_features()
        accounts = self._make_accounts()
        self._say_who_reports_to_whom(accounts)
        self._make_subscriptions(accounts)
        self._record_history(accounts)
        self._record_features(accounts)
        self.env["cs.metric.source"]._run_builtin(accounts)
        self.env["cs.segment"]._assign(accounts)
        self._give_csms(accounts)
        self._start_journeys(accounts)
        self._settle_people(accounts)
        self._log_interactions(accounts)
        self._make_diagnostics(accounts)
        self._make_deals()
        self._make_improvements(accounts)
        self._make_ingest_keys()
        self._make_names(accounts)
        self._judge(accounts)
        self._make_former_customers()
        self._try_on_the_past()

    def _ref(self, name):
        return self.env.ref(f"customer_success.{name}")

    def _settle_company(self):
        """Let the main company count in reais, unless it keeps books already."""
        company = self.env.ref("base.main_company")
        company.resource_calendar_id.tz = "America/Sao_Paulo"
        if "account.move" in self.env:
            return
        real = self.env.ref("base.BRL")
        real.active = True
        company.write(
            {
                "name": "Fluxo Gestão de Despesas",
                "currency_id": real.id,
                "country_id": self.env.ref("base.br").id,
                "state_id": False,
            }
        )

    def _language(self):
        """Return what the company and its customers speak, as far as installed."""
        languages = dict(self.env["res.lang"].get_installed())
        return "pt_BR" if "pt_BR" in languages else self.env.lang or "en_US"

    def _settle_users(self):
        if self._language() != "pt_BR":
            return
        users = self.env["res.users"].browse(
            self._ref(f"user_{login}").id
            for login in (*CSMS, "elisa", "fernanda", "helena", "gustavo")
        )
        users.write({"lang": "pt_BR"})
        # Who tries the demo signs in as admin first.
        self.env.ref("base.user_admin").lang = "pt_BR"

    def _make_team(self):
        enterprise = self._ref("cs_segment_enterprise")
        small = self._ref("cs_segment_me_pme")
        rows = [
            ("ana", "csm", enterprise, "Farmer, relacionamento", 8500),
            ("bruno", "csm", enterprise, "Técnico", 8200),
            ("camila", "csm", enterprise, "Estrutura planos e acompanha", 8800),
            ("diego", "csm", small, "Comunicador, executor", 5200),
            ("elisa", "specialist", enterprise | small, "Analista, planejadora", 7800),
            ("fernanda", "manager", enterprise | small, "Gestão", 14000),
        ]
        self.env["cs.team.member"].create(
            [
                {
                    "user_id": self._ref(f"user_{login}").id,
                    "role": role,
                    "segment_ids": [Command.set(segments.ids)],
                    "profile": profile,
                    "monthly_cost": cost,
                }
                for login, role, segments, profile, cost in rows
            ]
        )

    def _make_accounts(self):
        country = self.env.ref("base.br")
        states = {
            state.code: state.id
            for state in self.env["res.country.state"].search(
                [("country_id", "=", country.id)]
            )
        }
        numbers = range(stories.ENTERPRISE + stories.ME)
        partners = self.env["res.partner"].create(
            [self._prepare_partner(number, country, states) for number in numbers]
        )
        return self.env["cs.account"].create(
            [
                self._prepare_account(number, partner)
                for number, partner in zip(numbers, partners, strict=True)
            ]
        )

    def _prepare_partner(self, number, country, states):
        name = stories.company_name(number)
        city, state = stories.CITIES[number % len(stories.CITIES)]
        domain = f"cliente{number:03d}.example.com"
        known = 5 if number < stories.ENTERPRISE else 2 + number % 2
        return {
            "name": name,
            "is_company": True,
            "lang": self._language(),
            "ref": f"FLX{number:04d}",
            "email": f"contato@{domain}",
            "city": city,
            "state_id": states.get(state, False),
            "country_id": country.id,
            "child_ids": [
                Command.create(
                    {
                        "name": person,
                        "function": function,
                        "email": f"{person.split()[0].lower()}@{domain}",
                        "lang": self._language(),
                    }
                )
                for person, function, _role in stories.PEOPLE[:known]
            ],
        }

    def _prepare_account(self, number, partner):
        activity = stories.ACTIVITIES[number % len(stories.ACTIVITIES)]
        industry = stories.INDUSTRIES[activity]
        is_large = number < stories.ENTERPRISE
        return {
            "partner_id": partner.id,
            "industry_id": self._ref(f"cs_industry_{industry}").id,
            "package_id": self._ref(
                "cs_package_complete" if is_large else "cs_package_essential"
            ).id,
            **self._prepare_profile(number),
            "contact_ids": self._prepare_people(number, partner),
        }

    def _make_subscriptions(self, accounts):
        today = accounts._today()
        products = [
            self._ref(f"product_{name}")
            for name in ("expenses", "travel", "card", "invoices")
        ]
        rows = []
        for number, account in enumerate(accounts):
            count = 3 if number < stories.ENTERPRISE else 1 + number % 2
            days = stories.RENEWAL_NEAR.get(number, 65 + number * 31 % 260)
            end = today + relativedelta(days=days)
            mrr = self._mrr(number)
            rows += [
                {
                    "account_id": account.id,
                    "product_id": product.id,
                    "mrr": round(mrr / count, 2),
                    "start_on": end - relativedelta(months=24, days=-1),
                    "end_on": end,
                    "billing_months": 12,
                }
                for product in products[:count]
            ]
        self.env["cs.subscription"].create(rows)

    @staticmethod
    def _mrr(number):
        if number < stories.ENTERPRISE:
            return 2300 + number * 173 % 6200
        return 450 + number * 61 % 1400

    @staticmethod
    def _employees(number):
        if number < stories.ENTERPRISE:
            return 115 + number * 53 % 780
        return 14 + number * 29 % 82

    def _record_history(self, accounts):
        """Record 18 months of facts, each dated on the first of its month."""
        months = self._months(accounts)
        readings = []
        for number, account in enumerate(accounts):
            if number in stories.NO_FACTS:
                continue
            employees = self._employees(number)
            readings.append(self._reading(account, "employees", employees, months[-7]))
            users = stories.monthly_users(number, employees)
            readings += [
                self._reading(account, "active_users", count, month)
                for month, count in zip(months, users, strict=True)
            ]
            readings += self._weekly_users(account, users)
            readings += [
                self._reading(account, "nps", self._nps(number, turn), months[month])
                for turn, month in enumerate((1, 6, 11, 16))
            ]
        self.env["cs.metric.value"].record(readings)
        # What customers paid belongs to the source that counts subscriptions.
        self.env["cs.metric.value"].record(
            [
                self._reading(account, "mrr", self._mrr(number), month)
                for number, account in enumerate(accounts)
                if number not in stories.NO_FACTS
                for month in months
            ],
            self._ref("cs_metric_source_subscription"),
        )

    def _weekly_users(self, account, users):
        """Return who used the product last week, and a month before."""
        today = account._today()
        return [
            self._reading(
                account, "weekly_active_users", round(users[-back] * 0.9), day
            )
            for back, day in (
                (2, today - relativedelta(days=33)),
                (1, today - relativedelta(days=2)),
            )
        ]

    @staticmethod
    def _reading(account, metric, value, day):
        return {
            "account": account.id,
            "metric": metric,
            "value": float(value),
            "at": day.isoformat(),
        }

    @staticmethod
    def _nps(number, turn):
        if turn == 3 and number in stories.DETRACTORS | stories.IN_TROUBLE:
            return 4
        return 7 + (number + turn) % 4

    def _give_csms(self, accounts):
        """Spread customers as the team does: Enterprise over three, ME to one."""
        enterprise = self._ref("cs_segment_enterprise")
        portfolios = dict.fromkeys(CSMS, self.env["cs.account"])
        for number, account in enumerate(accounts):
            is_large = account.segment_id == enterprise or number < stories.ENTERPRISE
            portfolios[CSMS[number % 3] if is_large else "diego"] |= account
        for login, portfolio in portfolios.items():
            portfolio.csm_id = self._ref(f"user_{login}")

    def _judge(self, accounts):
        """Judge the last year and today, and watch the rules."""
        self._judge_past(accounts)
        self._run_sources()
        accounts._score()
        self._speak_of_health(accounts)
        self.env["cs.alert.rule"].search([])._run()
