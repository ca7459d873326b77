"""Cells that name a record: a user, a package, an industry, a state."""

from collections import Counter

from .cells import BadRow


class Choices:
    """Looks up, once for a whole file, the records that its cells name."""

    def __init__(self, env, company, rows, country):
        """
        :param rows: list of ``{target key: text}``
        :param country: the res.country whose states they name
        """
        self.env = env
        self.company = company
        # sudo: a login, a name and a state are all that is read of these records.
        self._csms = self._load_csms(rows)
        self._packages = self._load("cs.package", "name", rows, "package")
        self._industries = self._load("cs.industry", "name", rows, "industry")
        self._states = self._load_states(rows, country)

    def account_values(self, row):
        """Return the fields of a cs.account that a row gives.

        :raise BadRow: one of them names nothing
        """
        unknown = {
            "csm": self.env._("Unknown CSM: %(name)s", name=row.get("csm")),
            "package": self.env._(
                "Unknown service package: %(name)s", name=row.get("package")
            ),
            "industry": self.env._(
                "Unknown industry: %(name)s", name=row.get("industry")
            ),
        }
        values = {}
        for key, field_name, known in (
            ("csm", "csm_id", self._csms),
            ("package", "package_id", self._packages),
            ("industry", "industry_id", self._industries),
        ):
            name = (row.get(key) or "").casefold()
            if name and name not in known:
                raise BadRow(unknown[key])
            if name:
                values[field_name] = known[name]
        return values

    def partner_values(self, row):
        """Return state and country of a res.partner, empty for an unknown state."""
        state = self._states.get((row.get("state") or "").casefold())
        return (
            {"state_id": state.id, "country_id": state.country_id.id} if state else {}
        )

    def _load(self, model, field_name, rows, key, domain=()):
        texts = {row[key] for row in rows if row.get(key)}
        if not texts:
            return {}
        records = self.env[model].sudo().search([(field_name, "!=", False), *domain])
        return {record[field_name].casefold(): record.id for record in records}

    def _load_csms(self, rows):
        """Return the people who may be a CSM, by login and by a name of their own."""
        colleagues = [
            ("share", "=", False),
            ("company_ids", "in", self.company.id),
            (
                "all_group_ids",
                "in",
                self.env.ref("customer_success.group_cs_user").id,
            ),
        ]
        by_name = self._load("res.users", "name", rows, "csm", colleagues)
        by_login = self._load("res.users", "login", rows, "csm", colleagues)
        if len(by_name) < len(by_login):
            # Two people of one name: only their logins say who is meant.
            users = self.env["res.users"].sudo().browse(by_login.values())
            names = Counter(user.name.casefold() for user in users)
            by_name = {name: id_ for name, id_ in by_name.items() if names[name] == 1}
        return by_name | by_login

    def _load_states(self, rows, country):
        """Return ``{code or name: state}`` of a country."""
        if not country or not any(row.get("state") for row in rows):
            return {}
        states = self.env["res.country.state"].sudo()
        return {
            text: state
            for state in states.search([("country_id", "=", country.id)])
            for text in _names_of(state)
        }


def country_of_states(env, company, texts):
    """Return the res.country that knows most of some states, none without any.

    PA is Pará and Pennsylvania: the file as a whole says which; where it doesn't, the
    company's own country.
    """
    wanted = {text.casefold() for text in texts}
    if not wanted:
        return env["res.country"]
    known = Counter()
    # sudo: names of countries and states are all that is read.
    for state in env["res.country.state"].sudo().search([]):
        known[state.country_id] += bool(_names_of(state) & wanted)
    own = company.country_id
    best = max(known, key=lambda one: (known[one], one == own), default=None)
    return best if best and known[best] else env["res.country"]


def _names_of(state):
    return {state.code.casefold(), state.name.casefold()}
