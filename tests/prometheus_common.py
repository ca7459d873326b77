import re
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import requests

from .http_common import HttpSourceCase, LocalServer

_CONFIGURATION = """
global:
  scrape_interval: 1s
scrape_configs:
  - job_name: test
    static_configs:
      - targets: ["{target}"]
"""
#: As the developer's command puts it there, see dev/prometheus.py.
_PROGRAM = "prometheus"


class PrometheusCase(HttpSourceCase):
    """A Prometheus that really runs, scraping an exporter of the test."""

    #: What the exporter says, in the text format of Prometheus.
    exported = ""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.exporter = LocalServer(
            lambda _asked: (200, cls.exported.encode(), {"Content-Type": "text/plain"})
        )
        cls.addClassCleanup(cls.exporter.close)
        folder = Path(tempfile.mkdtemp(prefix="cs-prometheus-"))
        cls.addClassCleanup(shutil.rmtree, folder, ignore_errors=True)
        cls.address = cls._start(folder)

    @classmethod
    def _start(cls, folder):
        configuration = folder / "prometheus.yml"
        configuration.write_text(_CONFIGURATION.format(target=cls.exporter.place))
        place = f"127.0.0.1:{_free_port()}"
        command = [
            # It ends with the tests, however they end.
            *("setpriv", "--pdeathsig", "KILL", _PROGRAM),
            f"--config.file={configuration}",
            f"--storage.tsdb.path={folder / 'data'}",
            f"--web.listen-address={place}",
        ]
        with open(folder / "log", "wb") as log:
            process = subprocess.Popen(  # noqa: S603
                command, stdout=log, stderr=log
            )
        cls.addClassCleanup(process.wait)
        cls.addClassCleanup(process.kill)
        cls._wait_for(
            lambda: _asks(f"http://{place}", "up{job='test'} == 1"),
            process,
            folder / "log",
        )
        return place

    @classmethod
    def _wait_for(cls, is_there, process, log, seconds=60):
        limit = time.monotonic() + seconds
        while not is_there():
            if process.poll() is not None or time.monotonic() > limit:
                raise AssertionError(f"Prometheus gives nothing: {log.read_text()}")
            time.sleep(0.1)

    def queries_answered(self):
        """Return how many queries Prometheus says it answered so far."""
        said = requests.get(f"http://{self.address}/metrics", timeout=10).text
        counted = re.findall(
            r'^prometheus_http_requests_total\{.*handler="/api/v1/query"\} (\d+)',
            said,
            re.M,
        )
        return sum(map(int, counted))


def _asks(url, query):
    """Return the series of a query, none while Prometheus is on its way."""
    try:
        answer = requests.get(f"{url}/api/v1/query", {"query": query}, timeout=10)
    except requests.ConnectionError:
        return []
    return answer.ok and answer.json()["data"]["result"]


def _free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]
