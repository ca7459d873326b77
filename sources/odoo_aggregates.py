"""What a value of a source makes of the records of a customer.

The records of a customer come in parts where they are in several currencies; every
aggregate can be put together from what is known of the parts.
"""

NUMBERS = ("integer", "float", "monetary")
DAYS = ("date", "datetime")

#: cs.metric.source.line.aggregate → class
AGGREGATES = {}


def aggregate(cls):
    AGGREGATES[cls.key] = cls
    return cls


class Aggregate:
    key = None
    #: Types of the field it can be of; none: it needs no field.
    types = ()
    #: What ``_read_group`` is asked of the field, without any the number of records.
    functions = ()
    #: The same where the answers of several parts have to be put together.
    functions_in_parts = ()
    #: Whether nothing found is a known 0.
    is_counted = False

    @classmethod
    def specs(cls, field, in_parts):
        """Return what ``_read_group`` is asked for.

        :param field: name of the field
        :param in_parts: whether a customer can have more than one part
        """
        functions = (in_parts and cls.functions_in_parts) or cls.functions
        return [f"{field}:{function}" for function in functions] or ["__count"]

    @staticmethod
    def value(parts):
        """Return the value of a customer, None if there is nothing to say.

        :param parts: list, for each part what was asked for
        """
        raise NotImplementedError


@aggregate
class Count(Aggregate):
    key = "count"
    is_counted = True

    @staticmethod
    def value(parts):
        return sum(number for (number,) in parts)


@aggregate
class CountDistinct(Aggregate):
    key = "count_distinct"
    types = (*NUMBERS, *DAYS, "many2one", "char", "selection")
    functions = ("count_distinct",)
    functions_in_parts = ("array_agg_distinct",)
    is_counted = True

    @staticmethod
    def value(parts):
        if isinstance(parts[0][0], int):
            return parts[0][0]
        return len({one for (ones,) in parts for one in ones if one is not None})


@aggregate
class Sum(Aggregate):
    key = "sum"
    types = NUMBERS
    functions = ("sum",)
    is_counted = True

    @staticmethod
    def value(parts):
        return _of_known(sum, parts)


@aggregate
class Average(Aggregate):
    key = "avg"
    types = NUMBERS
    functions = ("sum", "count")

    @staticmethod
    def value(parts):
        number = sum(number for _total, number in parts)
        return _of_known(sum, parts) / number if number else None


@aggregate
class Minimum(Aggregate):
    key = "min"
    types = NUMBERS
    functions = ("min",)

    @staticmethod
    def value(parts):
        return _of_known(min, parts)


@aggregate
class Maximum(Aggregate):
    key = "max"
    types = NUMBERS
    functions = ("max",)

    @staticmethod
    def value(parts):
        return _of_known(max, parts)


@aggregate
class Newest(Maximum):
    key = "newest"
    types = DAYS


@aggregate
class Oldest(Minimum):
    key = "oldest"
    types = DAYS


def _of_known(function, parts):
    known = [part[0] for part in parts if part[0] is not None]
    return function(known) if known else None
