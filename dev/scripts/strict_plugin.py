"""A pytest plugin: a test that did not run is a failure, not a shade of green.

Odoo skips browser tests in silence when Chromium or its start-up is missing, and a
mistyped name collects nothing; both would look like success.
"""

import pytest

_skipped = {}


def _note(report):
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr
        text = reason[-1] if isinstance(reason, tuple) else str(reason)
        _skipped.setdefault(report.nodeid, text)


def pytest_runtest_logreport(report):
    _note(report)


def pytest_collectreport(report):
    _note(report)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    if _skipped and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter):
    if _skipped:
        terminalreporter.section("skipped tests: the run fails", red=True)
        for nodeid, reason in _skipped.items():
            terminalreporter.write_line(f"{nodeid}: {reason}")
