"""Which company of the address book a row of customers means."""

from collections import defaultdict

from odoo.tools import SQL

from ..facts.account_resolver import sql_vat_key, vat_key
from .cells import BadRow


class PartnerIndex:
    """Finds companies by reference, CNPJ/VAT or exact name, in this order."""

    def __init__(self, env, company, rows):
        """
        :param rows: list of ``{target key: text}``
        """
        self.env = env
        self._by_key = defaultdict(list)
        for partner in self._load(company, rows):
            for key in self._keys(partner.ref, partner.vat, partner.name):
                self._by_key[key].append(partner)

    def find(self, row):
        """Return the res.partner of a row, None if there is none.

        :raise BadRow: several
        """
        for key in self.keys(row):
            found = self._by_key.get(key, [])
            if key[0] == "name":
                # Somebody else of the same name is not this one.
                found = [one for one in found if not self._contradicts(one, row)]
            if len(found) > 1:
                raise BadRow(
                    self.env._("Several companies are meant by: %(text)s", text=key[1])
                )
            if found:
                return found[0]
        return None

    def keys(self, row):
        """Return what identifies a row, the strongest first."""
        return self._keys(row.get("ref"), row.get("vat"), row.get("name"))

    def _load(self, company, rows):
        """Return the res.partner records that one of the rows could mean."""
        texts = {
            key: list({row[key] for row in rows if row.get(key)})
            for key in ("ref", "vat", "name")
        }
        vats = [vat_key(text) for text in texts["vat"] if vat_key(text)]
        # sudo: see CustomerLoader; a company is found even if it is somebody else's.
        partners = self.env["res.partner"].sudo()
        partners.flush_model(["ref", "vat", "name", "parent_id", "company_id"])
        found = self.env.execute_query(
            SQL(
                """
                SELECT id
                  FROM res_partner
                 WHERE active AND parent_id IS NULL
                   AND (company_id IS NULL OR company_id = %(company)s)
                   AND (ref = ANY(%(refs)s) OR name = ANY(%(names)s)
                        OR %(has_vats)s AND vat IS NOT NULL
                           AND %(vat_key)s = ANY(%(vats)s))
                 ORDER BY id
                """,
                company=company.id,
                refs=texts["ref"],
                names=texts["name"],
                has_vats=bool(vats),
                vat_key=sql_vat_key(SQL("vat")),
                vats=vats,
            )
        )
        partners = partners.browse(id_ for [id_] in found)
        partners.fetch(["ref", "vat", "name"])
        return partners

    def _keys(self, ref, vat, name):
        keys = [("ref", ref)] if ref else []
        if vat and vat_key(vat):
            keys.append(("vat", vat_key(vat)))
        if name:
            keys.append(("name", name.casefold()))
        return keys

    def _contradicts(self, partner, row):
        ref, vat = row.get("ref"), row.get("vat")
        other_ref = ref and partner.ref and partner.ref != ref
        other_vat = vat and partner.vat and vat_key(partner.vat) != vat_key(vat)
        return bool(other_ref or other_vat)
