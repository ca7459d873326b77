import json
import re
import shlex
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

from odoo.tests import tagged

from .test_ingest_key import IngestKeyCase

ROOT = Path(__file__).parents[1]


@tagged("post_install", "-at_install")
class TestReadme(IngestKeyCase):
    """What the README tells to type works as it stands there."""

    def check_example(self, name):
        """Send the call of a README with a fresh key, and compare the answer."""
        self.account.partner_id.vat = "12345678000195"
        text = (ROOT / name).read_text()
        command, answer = re.search(
            r"^    (curl .*?)\n\n    (\{.*?\})$", text, re.DOTALL | re.MULTILINE
        ).groups()
        _key, key = self.make_key()
        words = shlex.split(command.replace("\\\n", " ").replace("$KEY", key))
        options = list(pairwise(words))
        [url] = [word for word in words if word.startswith("https://")]
        response = self.url_open(
            urlsplit(url).path,
            data=dict(options)["-d"].encode(),
            headers=dict(
                value.split(": ", 1) for option, value in options if option == "-H"
            ),
            method=dict(options)["-X"],
        )
        self.assertEqual(response.status_code, 200, response.text)
        self.assertEqual(response.json(), json.loads(answer))
        self.assertEqual(self.present("active_users").value, 42)

    def test_the_call_of_the_readme(self):
        self.check_example("README.md")

    def test_the_call_of_the_portuguese_readme(self):
        self.check_example("README.pt_BR.md")
