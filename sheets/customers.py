"""Files of customers: one row each, found or made."""

from odoo.exceptions import ValidationError
from odoo.tools.translate import LazyTranslate

from .cells import BadRow
from .choices import Choices
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
        target("csm", _lt("CSM (login)"), "gestor", "gestor de contas", "csm login",
               "responsavel"),
        target("package", _lt("Service package"), "pacote", "pacote de servicos",
               "plano de servico"),
        target("industry", _lt("Industry"), "segmento de mercado", "setor", "ramo",
               "industria"),
    )  # fmt: skip

    def _load(self, table):
        rows = list(self._named_rows(table))
        texts = [row for _line, row in rows]
        self._index = PartnerIndex(self.env, self.company, texts)
        self._choices = Choices(self.env, self.company, texts)
        known, new = self._separate(rows)
        known += self._create_partners(new)
        self._follow(known)

    def _named_rows(self, table):
        """Yield ``(line, {target key: text})`` of rows that say whom they mean."""
        for line, cells in table.rows:
            row = {key: cells[position] for key, position in self.columns.items()}
            if any(row.get(key) for key in ("name", "ref", "vat")):
                yield line, row
            else:
                self.report.refuse(
                    line, self.env._("Neither name, reference nor CNPJ/VAT is given.")
                )

    def _separate(self, rows):
        """Return the rows of known and of new companies.

        :return: two lists of ``(line, res.partner, partner values, account values)``,
            the partner None for new ones
        """
        known, new, seen = [], [], {}
        for line, row in rows:
            try:
                partner = self._index.find(row)
                if not (partner or row.get("name") or row.get("ref")):
                    raise BadRow(
                        self.env._("A new customer needs a name or a reference.")
                    )
                self._refuse_twice(line, row, partner, seen)
                account = self._choices.account_values(row)
            except BadRow as bad:
                self.report.refuse(line, bad)
                continue
            entry = (line, partner, self._partner_values(row), account)
            (known if partner else new).append(entry)
        return known, new

    def _refuse_twice(self, line, row, partner, seen):
        keys = [("partner", partner.id)] if partner else self._index.keys(row)[:1]
        for key in keys:
            if seen.setdefault(key, line) != line:
                raise BadRow(
                    self.env._("The same customer as in line %(line)s", line=seen[key])
                )

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
            .with_context(active_test=False)
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
        accounts = self.env["cs.account"].with_context(mail_create_nolog=True)
        accounts.create(
            [
                {"partner_id": partner.id, "company_id": self.company.id, **values}
                for _line, partner, _partner_values, values in entries
            ]
        )
        self.report.kept += len(entries)
        self.report.created += len(entries)

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
            self.report.kept += 1
        else:
            self.report.unchanged += 1
