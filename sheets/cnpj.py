"""CNPJs that a spreadsheet took for numbers, and so lost their leading zeros."""

_LENGTH = 14
_CPF_LENGTH = 11


def restore(text, is_cnpj_column=False):
    """Return a text with the zeros that a CNPJ has lost, else as it is.

    >>> restore("191"), restore("12345")
    ('00000000000191', '12345')
    >>> restore("12345", True), restore("12.345-6", True)
    ('00000000012345', '12.345-6')

    A CPF stays one.

    >>> restore("11144477735", True)
    '11144477735'

    :param is_cnpj_column: whether all numbers in its column are CNPJs; without it,
        the check digits tell
    """
    if not (text.isascii() and text.isdigit()) or len(text) >= _LENGTH:
        return text
    padded = text.zfill(_LENGTH)
    if is_valid(padded):
        return padded
    is_cpf = len(text) <= _CPF_LENGTH and _is_cpf(text.zfill(_CPF_LENGTH))
    return padded if is_cnpj_column and not is_cpf else text


def is_valid(digits):
    """Return whether 14 digits end with the two that check a CNPJ."""
    if not digits.strip("0"):
        return False
    first = _check_digit(digits[:12], 9)
    return digits[12:] == first + _check_digit(digits[:12] + first, 9)


def _is_cpf(digits):
    first = _check_digit(digits[:9], 11)
    return digits[9:] == first + _check_digit(digits[:9] + first, 11)


def _check_digit(digits, largest):
    """Return the digit that checks others by weights 2 to ``largest``, from the end."""
    total = sum(
        int(digit) * (2 + n % (largest - 1)) for n, digit in enumerate(reversed(digits))
    )
    rest = total % 11
    return "0" if rest < 2 else str(11 - rest)
