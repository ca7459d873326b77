"""What a machine is told that called wrongly."""

import json

from odoo.http import Response


def answer(data, status=200):
    """Return data as a JSON response.

    Odoo's ``make_json_response`` states the length in characters, which cuts off the
    end of a text that is not plain ASCII.
    """
    return Response(
        json.dumps(data, ensure_ascii=False).encode(),
        status=status,
        content_type="application/json; charset=utf-8",
    )


def refusal(error_class, message):
    """Return an HTTP error to raise, whose body says what is wrong as JSON.

    As Odoo's own errors of ``/json/2``, but without a traceback: what is inside is
    nobody's business outside. Raised, not returned, so that nothing is kept.

    :param error_class: a class of ``werkzeug.exceptions``
    :param message: in the language of the caller
    """
    body = {
        "name": f"werkzeug.exceptions.{error_class.__name__}",
        "message": message,
        "arguments": [message],
        "context": {},
        "debug": "",
    }
    return error_class(response=answer(body, error_class.code))
