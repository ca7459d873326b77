"""When the steps of a plan begin and end, given what each of them waits for."""

from datetime import timedelta


def in_order(before):
    """Return the keys so that each comes after all that it waits for.

    :param before: ``{key: keys that it waits for}``; unknown keys are ignored
    :return: list of keys; ties stay in the order given
    :raise ValueError: some wait for each other in a circle
    """
    left = {key: {one for one in keys if one in before} for key, keys in before.items()}
    ordered = []
    while left:
        ready = [key for key, keys in left.items() if not keys & left.keys()]
        if not ready:
            raise ValueError("circle")
        ordered += ready
        for key in ready:
            del left[key]
    return ordered


def schedule(days, before, start):
    """Return when each step begins and until when it has to be done.

    :param days: ``{key: days that it may take}``
    :param before: ``{key: keys that it waits for}``
    :param start: the date on which what waits for nothing begins
    :return: ``{key: (begin, deadline)}``
    """
    dates = {}
    for key in in_order({key: before.get(key, ()) for key in days}):
        ends = [dates[one][1] for one in before.get(key, ()) if one in dates]
        begin = max([start, *ends])
        dates[key] = (begin, begin + timedelta(days=days[key]))
    return dates
