"""Which company of the address book a row of customers means."""

from collections import defaultdict

from ..facts.account_resolver import vat_key
from .cells import BadRow


class PartnerIndex:
    """Finds companies by reference, CNPJ/VAT or exact name, in this order."""

    def __init__(self, env, company, rows):
        """
        :param rows: list of ``{target key: text}``
        """
        self.env = env
        # sudo: see CustomerLoader; a company is found even if it is somebody else's.
        self._partners = (
            env["res.partner"]
            .sudo()
            .search_fetch(
                [
                    ("parent_id", "=", False),
                    ("company_id", "in", [False, company.id]),
                    "|",
                    "|",
                    ("ref", "in", self._texts(rows, "ref")),
                    ("name", "in", self._texts(rows, "name")),
                    ("vat", "!=", False),
                ],
                ["ref", "vat", "name"],
            )
        )
        self._by_key = defaultdict(list)
        for partner in self._partners:
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

    def _texts(self, rows, key):
        return list({row[key] for row in rows if row.get(key)})
