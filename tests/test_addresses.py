from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import BaseCase, tagged

from odoo.addons.customer_success.sources import addresses

from .common import CsCase

PRIVATE = """
    127.0.0.1 127.8.8.8 0.0.0.0 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254
    100.64.0.1 198.18.0.1 192.0.0.8 192.0.0.192 224.0.0.1 240.0.0.1 255.255.255.255
    168.63.129.16 :: ::1 fe80::1 fe80::1%eth0 fc00::1 fd00:ec2::254 ff02::1 fec0::1
    ::ffff:127.0.0.1 ::ffff:169.254.169.254 ::127.0.0.1 64:ff9b::10.0.0.1 64:ff9b:1::1
    2002:7f00:1:: 2001:0:a00:1:0:0:0:0 2001:db8::1
"""
PUBLIC = ["8.8.8.8", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2001:4860:4860::8888"]


@tagged("post_install", "-at_install")
class TestAddress(BaseCase):
    """Addresses of one's own network are known in every spelling."""

    def test_what_is_public(self):
        known = [one for one in PRIVATE.split() if addresses.is_public(one)]
        self.assertEqual(known, [])
        self.assertEqual([one for one in PUBLIC if not addresses.is_public(one)], [])


@tagged("post_install", "-at_install")
class TestAddressBook(CsCase):
    """Sources call public hosts, and those of one's own that were named."""

    def book(self, allowed=""):
        self.env["ir.config_parameter"].set_param(addresses.ALLOWED, allowed)
        return addresses.AddressBook(self.env(user=self.specialist))

    def answering(self, *found):
        rows = [(2, 1, 6, "", (address, 5432)) for address in found]
        return patch.object(addresses, "getaddrinfo", lambda *_a, **_k: rows)

    def test_hosts_of_ones_own_network_are_refused_until_they_are_named(self):
        with self.assertRaisesRegex(UserError, "private network.*Private hosts"):
            self.book().find("127.0.0.1", 5432)
        with self.assertRaisesRegex(UserError, "private network"):
            self.book("127.0.0.1:80, 10.0.0.1").find("127.0.0.1", 5432)
        for allowed in ("127.0.0.1", "x.y\n127.0.0.1:5432"):
            found = self.book(allowed).find("127.0.0.1", 5432)
            self.assertEqual(found, ["127.0.0.1"])

    def test_names_are_judged_by_all_their_addresses(self):
        with self.answering("10.0.0.8", "8.8.8.8", "::1"):
            self.assertEqual(self.book().find("db.example", 5432), ["8.8.8.8"])
            found = self.book("DB.example").find("db.EXAMPLE", 5432)
        self.assertEqual(found, ["10.0.0.8", "8.8.8.8", "::1"])
        with self.answering("10.0.0.8"), self.assertRaises(UserError):
            self.book("example").find("db.example", 5432)

    def test_sockets_of_this_machine_are_refused_until_they_are_named(self):
        with self.assertRaisesRegex(UserError, "socket of this machine"):
            self.book("/run").check_socket("/run/postgresql", 5432)
        self.book("/run/postgresql").check_socket("/run/postgresql", 5432)
        self.book("/run/postgresql:5432").check_socket("/run/postgresql", 5432)
        with self.assertRaises(UserError):
            self.book("/run/PostgreSQL").check_socket("/run/postgresql", 5432)

    def test_a_parameter_with_a_slip_says_so(self):
        with self.assertRaisesRegex(UserError, "“http://x” in the allowed hosts"):
            self.book("http://x")
        with self.assertRaisesRegex(UserError, "No such host: nowhere.invalid"):
            self.book().find("nowhere.invalid", 5432)
