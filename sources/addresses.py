"""Which addresses a source may call: public ones, and hosts the administrator named."""

import ipaddress
import re
from socket import SOCK_STREAM, gaierror, getaddrinfo

from odoo.exceptions import UserError

#: System parameter: hosts (``name`` or ``name:port``) that may lie in a private
#: network, and folders of Unix sockets.
ALLOWED = "customer_success.allowed_hosts"
#: Networks inside IPv6 that carry an IPv4 address: where it begins, in bits.
_CARRIERS = {
    ipaddress.ip_network("::/96"): 0,
    ipaddress.ip_network("64:ff9b::/96"): 0,
    ipaddress.ip_network("2002::/16"): 80,
}
#: Public for some versions of Python, yet they answer from within one's own network.
_DISGUISED = [
    ipaddress.ip_network(text)
    for text in ("168.63.129.16/32", "192.0.0.0/24", "64:ff9b:1::/48", "fec0::/10")
]
_IPV4_MASK = 0xFFFFFFFF
_HOST = re.compile(
    r"[\w.-]+(:\d{1,5})?|\[[0-9a-f:.]+\](:\d{1,5})?|/[\w./@+-]*(:\d{1,5})?"
)


def is_public(text):
    """Return whether an IP address lies in the public internet.

    :param text: an address as the resolver gives it
    """
    address = ipaddress.ip_address(text.partition("%")[0])
    if carried := _carried(address):
        return is_public(str(carried))
    is_special = address.is_multicast or address.is_reserved or address.is_unspecified
    if is_special or any(address in network for network in _DISGUISED):
        return False
    return address.is_global


def _carried(address):
    """Return the IPv4 address that an IPv6 address leads to, None without one."""
    if address.version == 4:
        return None
    for network, shift in _CARRIERS.items():
        if address in network:
            return ipaddress.ip_address(int(address) >> shift & _IPV4_MASK)
    return address.ipv4_mapped or (address.teredo or [None, None])[1]


def allowed_hosts(text):
    """Return the set of hosts that a text names, as ``is_listed()`` compares them.

    :param text: hosts between spaces, commas or line ends
    :raise ValueError: the first word that is no host
    """
    words = [word for word in re.split(r"[\s,;]+", text or "") if word]
    hosts = {word if word.startswith("/") else word.lower() for word in words}
    for host in sorted(hosts):
        if not _HOST.fullmatch(host):
            raise ValueError(host)
    return hosts


class AddressBook:
    """Finds the addresses of a host, and refuses those nobody may call."""

    def __init__(self, env):
        self.env = env
        # sudo: what the administrator allowed holds for everybody.
        listed = env["ir.config_parameter"].sudo().get_param(ALLOWED)
        try:
            self.allowed = allowed_hosts(listed)
        except ValueError as error:
            raise UserError(
                env._(
                    "“%(word)s” in the allowed hosts is no host: a system "
                    "administrator corrects it in Settings › Customer Success › "
                    "Private hosts.",
                    word=error,
                )
            ) from None

    def is_listed(self, host, port):
        """Return whether the administrator named this host, or folder of sockets."""
        if ":" in host:
            host = f"[{host}]"
        if not host.startswith("/"):
            host = host.lower().rstrip(".")
        return bool(self.allowed & {host, f"{host}:{port}"})

    def find(self, host, port):
        """Return the IP addresses of a host that may be called, the best first.

        :raise UserError: there is none
        """
        try:
            found = getaddrinfo(host, port, type=SOCK_STREAM)
        except (gaierror, UnicodeError):
            raise UserError(
                self.env._(
                    "No such host: %(host)s. Check the address for a slip.", host=host
                )
            ) from None
        addresses = list(dict.fromkeys(place[0] for *_kind, place in found))
        if self.is_listed(host, port):
            return addresses
        public = [address for address in addresses if is_public(address)]
        if not public:
            raise UserError(
                self.env._(
                    "%(host)s is in a private network (%(address)s). If it is meant, a "
                    "system administrator adds %(host)s:%(port)s in Settings › "
                    "Customer Success › Private hosts.",
                    host=host,
                    address=", ".join(addresses),
                    port=port,
                )
            )
        return public

    def check_socket(self, folder, port):
        """Refuse a folder of Unix sockets that the administrator did not name.

        :raise UserError: it isn't named
        """
        if not self.is_listed(folder, port):
            raise UserError(
                self.env._(
                    "%(folder)s is a socket of this machine. If it is meant, a system "
                    "administrator adds %(folder)s in Settings › Customer Success › "
                    "Private hosts.",
                    folder=folder,
                )
            )
