"""How facts are fetched: one small class a kind, found by its key."""

from . import (
    builtin_contact,
    builtin_interaction,
    builtin_subscription,
    builtin_task,
    http_json,
    sheet,
)
