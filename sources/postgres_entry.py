"""How the place of another PostgreSQL is entered: what forms offer, and say of it."""

ENCRYPTION = [
    ("prefer", "If the server can"),
    ("require", "Always"),
    ("verify-ca", "Always, and check who signed the server's certificate"),
    ("verify-full", "Always, and check that it is this server"),
]
HOST_HELP = (
    "Name or address of the server, or the folder of its socket. One of your "
    "own network must be among the private hosts in the settings."
)
ROLE_HELP = "A role that may only read; superusers are refused."
ENCRYPTION_HELP = (
    "Without encryption, others on the way can read what comes; without a "
    "check, they can pretend to be the server."
)
CERTIFICATE_HELP = (
    "The text with BEGIN CERTIFICATE and END CERTIFICATE. Empty: those whom "
    "web browsers trust."
)
