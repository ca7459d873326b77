"""Files of customers: one row each, found or made."""

from odoo.exceptions import ValidationError
from odoo.tools.translate import LazyTranslate

from . import cnpj
from .cells import BadRow
from .choices import Choices, country_of_states
from .header import plain
from .loader import Loader, loader, target, write_different
from .partner_index import PartnerIndex

_lt = LazyTranslate(__name__)

_PARTNER_KEYS = ("name", "ref", "vat", "email", "phone", "city")


@loader
class CustomerLoader(Loader):
    """Puts companies under customer success, and mends what is known of them.

    A row's company is found by reference, by CNPJ/VAT, by exact name, in this order,
    and made if there is none; an empty cell changes nothing.
    """

    kind = "customers"
    # Each is written on its own, with all that the address book does about it.
    page_rows = 500
    targets = (
        target("name", _lt("Name"), "nome", "cliente", "customer", "razao social",
               "company", "empresa", "nome fantasia", "account name"),
        target("ref", _lt("Reference"), "reference", "referencia", "account ref",
               "codigo", "codigo do cliente", "code", "id", "customer id"),
        target("vat", _lt("CNPJ / VAT"), "cnpj", "cpf cnpj", "cnpj cpf", "tax id"),
        target("email", _lt("E-mail"), "e mail", "mail"),
        target("phone", _lt("Phone"), "telefone", "fone", "celular"),
        target("city", _lt("City"), "cidade", "municipio"),
        target("state", _lt("State"), "uf", "estado"),
        target("csm", _lt("CSM"), "gestor", "gestor de contas", "csm login",
               "responsavel"),
        target("package", _lt("Service package"), "pacote", "pacote de servicos",
               "plano de servico"),
        target("industry", _lt("Industry"), "segmento de mercado", "setor", "ramo",
               "industria"),
    )  # fmt: skip

    example = (
        {
            "name": "Padaria Sol Ltda",
            "ref": "C-001",
            "vat": "12.345.678/0001-95",
            "email": "contato@sol.example",
            "city": "São Paulo",
            "state": "SP",
        },
        {
            "name": "Mercado Lua",
            "ref": "C-002",
            "vat": "11.222.333/0001-81",
            "email": "",
            "city": "Santos",
            "state": "SP",
        },
    )

    def prepare(self, table):
        texts = []
        for line, cells in table.rows:
            if line in table.problems:
                continue
            try:
                texts.append((line, self._texts(cells)))
            except BadRow as bad:
                table.problems[line] = str(bad)
        self._refuse_twice(table, texts)
        states = {row["state"] for _line, row in texts if row.get("state")}
        country = country_of_states(self.env, self.company, states)
        return {**super().prepare(table), "country_id": country.id}

    def _refuse_twice(self, table, texts):
        """Refuse rows of a company that a row above is about already."""
        index = PartnerIndex(self.env, self.company, [row for _line, row in texts])
        first = {}
        for line, row in texts:
            try:
                partner = index.find(row)
            except BadRow:
                continue
            keys = [("partner", partner.id)] if partner else index.keys(row)[:1]
            for key in keys:
                if first.setdefault(key, line) != line:
                    table.problems.setdefault(
                        line,
                        self.env._(
                            "The same customer as in line %(line)s", line=first[key]
                        ),
                    )

    def _texts(self, cells):
        """Return ``{target key: text}`` of a row.

        :raise BadRow: it doesn't say whom it means
        """
        row = {
            key: self._text(key, cells[position])
            for key, position in self.columns.items()
        }
        if not any(row.get(key) for key in ("name", "ref", "vat")):
            raise BadRow(self.env._("Neither name, reference nor CNPJ/VAT is given."))
        return row

    def _text(self, key, cell):
        if key == "vat":
            column = plain(self.header[self.columns[key]])
            return cnpj.restore(self.read.reference(cell), "cnpj" in column.split())
        if key == "ref":
            return self.read.reference(cell)
        return self.read.text(cell)

    def _load(self, rows):
        texts = []
        for line, cells in rows:
            try:
                texts.append((line, self._texts(cells)))
            except BadRow as bad:
                self.report.refuse(line, bad)
        only_texts = [row for _line, row in texts]
        self._index = PartnerIndex(self.env, self.company, only_texts)
        country = self.env["res.country"].browse(self.traits["country_id"])
        self._choices = Choices(self.env, self.company, only_texts, country)
        known, new = self._separate(texts)
        known += self._create_partners(new)
        self._follow(known)

    def _separate(self, rows):
        """Return the rows of known and of new companies.

        :return: two lists of ``(line, res.partner, partner values, account values)``,
            the partner None for new ones
        """
        known, new = [], []
        for line, row in rows:
            try:
                partner = self._index.find(row)
                if not (partner or row.get("name") or row.get("ref")):
                    raise BadRow(
                        self.env._("A new customer needs a name or a reference.")
                    )
                account = self._choices.account_values(row)
            except BadRow as bad:
                self.report.refuse(line, bad)
                continue
            entry = (line, partner, self._partner_values(row), account)
            (known if partner else new).append(entry)
        return known, new

    def _partner_values(self, row):
        values = {key: row[key] for key in _PARTNER_KEYS if row.get(key)}
        return values | self._choices.partner_values(row)

    # Companies of the address book

    def _create_partners(self, entries):
        """Create the companies of new customers; who is refused is named."""
        values = [
            {
                **partner_values,
                "name": partner_values.get("name") or partner_values.get("ref"),
                "is_company": True,
            }
            for _line, _none, partner_values, _account in entries
        ]
        created = self._create_together(values)
        if created is None:
            created = [
                self._create_one(line, one)
                for (line, *_rest), one in zip(entries, values, strict=True)
            ]
        return [
            (line, partner, {}, account)
            for (line, _none, _values, account), partner in zip(
                entries, created, strict=True
            )
            if partner
        ]

    def _create_together(self, values):
        try:
            with self.env.cr.savepoint():
                return list(self._partners().create(values))
        except ValidationError:
            return None

    def _create_one(self, line, values):
        try:
            with self.env.cr.savepoint():
                return self._partners().create(values)
        except ValidationError as error:
            self.report.refuse(line, error)
            return None

    def _partners(self):
        # sudo: whoever may import customers may not edit the address book at large;
        # only companies named in the file are made or mended.
        return self.env["res.partner"].sudo().with_context(tracking_disable=True)

    # Customers under care

    def _follow(self, entries):
        """Make the accounts that are missing, mend those that differ."""
        partners = self._partners().browse([partner.id for _l, partner, *_r in entries])
        accounts = {
            account.partner_id.id: account
            for account in self.env["cs.account"]
            .with_context(active_test=False, cs_judge_later=True)
            .search(
                [
                    ("partner_id", "in", partners.ids),
                    ("company_id", "=", self.company.id),
                ]
            )
        }
        missing = [entry for entry in entries if entry[1].id not in accounts]
        for entry in entries:
            if entry[1].id in accounts:
                self._mend(entry, accounts[entry[1].id])
        self._create_accounts(missing)

    def _create_accounts(self, entries):
        entries = [entry for entry in entries if self._mend_partner(entry)]
        accounts = self.env["cs.account"].with_context(
            mail_create_nolog=True, cs_judge_later=True
        )
        accounts.create(
            [
                {"partner_id": partner.id, "company_id": self.company.id, **values}
                for _line, partner, _partner_values, values in entries
            ]
        )
        self.report.created += len(entries)
        for line, *_rest in entries:
            self.report.keep(line)

    def _mend_partner(self, entry):
        """Mend the company of a new customer; return whether it took the values."""
        line, partner, partner_values, _account_values = entry
        if not partner_values:
            return True
        try:
            with self.env.cr.savepoint():
                write_different(partner, partner_values)
        except ValidationError as error:
            self.report.refuse(line, error)
            return False
        return True

    def _mend(self, entry, account):
        line, partner, partner_values, account_values = entry
        try:
            with self.env.cr.savepoint():
                changed = write_different(partner, partner_values)
                changed |= write_different(account, account_values)
        except ValidationError as error:
            self.report.refuse(line, error)
            return
        if changed:
            self.report.keep(line)
        else:
            self.report.leave(line)
