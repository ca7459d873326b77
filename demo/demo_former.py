"""Customers of the demo company that left: plain data, the same in every database."""

from . import demo_stories as stories

FORMER = 34
#: Months they stayed, and of which back-tests speak.
STAY = 24
BACKTESTED_MONTHS = 12
#: Every so many left without a sign: bought by somebody, closed down.
WITHOUT_A_SIGN = 6


def names():
    """Return names that no customer of today has."""
    places = ("do Norte", "do Sul", "Paulista")
    for number in range(FORMER):
        activity = stories.ACTIVITIES[number % len(stories.ACTIVITIES)]
        yield f"{activity} Boa Esperança {places[number // len(stories.ACTIVITIES)]}"


def months_ago(number):
    """Return how many months ago customer ``number`` left: 3 to 13."""
    return 3 + number % 11


def mrr(number):
    return 500 + number * 97 % 1900


def monthly_users(number):
    """Return the active users of 12 months, the oldest first, until it left."""
    top = 12 + number * 17 % 60
    users = [
        max(round(top * (1 + (number + month) % 5 / 50)), 2) for month in range(12)
    ]
    if number % WITHOUT_A_SIGN:
        factors = (0.8, 0.6, 0.4, 0.25)
        users[-4:] = [max(round(users[-5] * factor), 1) for factor in factors]
    return users


def nps(number):
    """Return ``[(month, score)]``: pleased at first, most of them not in the end."""
    return [(1, 8), (8, 9 if number % WITHOUT_A_SIGN == 0 else 2 + number % 4)]
