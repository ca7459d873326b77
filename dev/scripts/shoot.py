"""Takes the pictures: signs in with Chromium and saves every page of the plan.

Arguments: plan (JSON), address of the server, folder, width. Ends with 1 if a page
showed an error.
"""

import contextlib
import json
import shutil
import sys
import time
from pathlib import Path

import pypdfium2
from playwright.sync_api import Error, sync_playwright

HEIGHT = 900
TALLEST = 2400
QUIET = 0.6
#: How much of a page is hidden because something inside it scrolls.
HIDDEN = """() => {
    let most = document.documentElement.scrollHeight - window.innerHeight;
    for (const el of document.querySelectorAll("*")) {
        const style = getComputedStyle(el);
        if (/(auto|scroll)/.test(style.overflowY) && el.clientHeight > 150) {
            most = Math.max(most, el.scrollHeight - el.clientHeight);
        }
    }
    return most;
}"""
SHOWN = ".o_action_manager > *"
DETAILS = """() => [...document.querySelectorAll(".o_error_dialog button")]
    .filter((button) => button.innerText.match(/t.cnic/i)).forEach((b) => b.click())"""
#: An action that opens a dialog has no address of its own.
OPEN = "(id) => odoo.__WOWL_DEBUG__.root.env.services.action.doAction(id)"
BROKEN = ".o_error_dialog, .o_notification .bg-danger, #wrap .o_error, .o_http_error"


class Visitor:
    """One signed-in user with one width of window."""

    def __init__(self, browser, url, login, width, lang):
        phone = width < 768
        self.url = url
        self.width = width
        self.context = browser.new_context(
            viewport={"width": width, "height": HEIGHT},
            is_mobile=phone,
            has_touch=phone,
            locale=lang.replace("_", "-"),
        )
        self.page = self.context.new_page()
        self.pending = set()
        self.problems = []
        self.page.on("request", self._asked)
        for event in ("requestfinished", "requestfailed"):
            self.page.on(event, self._ended)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("response", self._answered)
        self.sign_in(login)

    def _asked(self, request):
        if "/bus/" not in request.url:  # a worker's, whose end is never reported
            self.pending.add(request)

    def _ended(self, request):
        self.pending.discard(request)

    def _answered(self, response):
        if response.status >= 500:
            self.problems.append(f"{response.status} for {response.url}")

    def sign_in(self, login):
        self.page.goto(f"{self.url}/web/login")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", login)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url(lambda url: "/web/login" not in url, timeout=120_000)
        self.settle()

    def settle(self, limit=40):
        """Until nothing has been asked of the server for a moment.

        A websocket stays open for good, so "network idle" would never come.
        """
        end = time.monotonic() + limit
        calm = time.monotonic()
        while time.monotonic() < end:
            self.page.wait_for_timeout(100)
            if self.pending:
                calm = time.monotonic()
            elif time.monotonic() - calm > QUIET:
                break
        self.page.evaluate("() => document.fonts.ready.then(() => true)")

    def visit(self, item):
        self.problems.clear()
        self.pending.clear()
        self.page.set_viewport_size({"width": self.width, "height": HEIGHT})
        self.page.goto(self.url + item["path"], wait_until="domcontentloaded")
        if item["path"].startswith("/odoo"):
            self.page.wait_for_selector(SHOWN, timeout=60_000)
        self.settle()
        if item.get("action"):
            self.page.evaluate(OPEN, item["action"])
            self.settle()
        if item.get("click"):
            self.page.click(item["click"])
            self.settle()

    def picture(self, item, folder):
        self.visit(item)
        hidden = self.page.evaluate(HIDDEN)
        if hidden > 0:
            height = min(HEIGHT + hidden, TALLEST)
            self.page.set_viewport_size({"width": self.width, "height": height})
            self.settle()
        target = folder / f"{item['name']}.png"
        self.page.screenshot(path=str(target), full_page=True)
        if self.page.locator(BROKEN).count():
            self.problems.append(self.complaint())
        return self.problems

    def complaint(self):
        """What an error dialog says, with its technical part in one line."""
        self.page.evaluate(DETAILS)
        self.settle()
        text = self.page.locator(BROKEN).first.inner_text()
        cause = text.rpartition("Caused by:")[2]
        return " ".join(cause.split())[:300]

    def pdf(self, item, folder):
        """A PDF, and a picture of each of its pages."""
        answer = self.context.request.get(self.url + item["path"], timeout=120_000)
        if answer.status != 200 or not answer.body().startswith(b"%PDF"):
            return [f"no PDF: status {answer.status}"]
        (folder / f"{item['name']}.pdf").write_bytes(answer.body())
        document = pypdfium2.PdfDocument(answer.body())
        for number, sheet in enumerate(document, 1):
            sheet.render(scale=1.5).to_pil().save(
                folder / f"{item['name']}-{number}.png"
            )
        return []


def shoot(visitor, item, folder):
    take = visitor.pdf if item.get("pdf") else visitor.picture
    try:
        return list(take(item, folder))
    except Error as error:
        return [str(error).splitlines()[0]]


def main(plan, url, folder, width):
    plan = json.loads(Path(plan).read_text())
    folder = Path(folder)
    bad = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars"],
        )
        visitors = {}
        for item in plan["pages"]:
            who = (item["login"] or plan["login"], item["width"] or int(width))
            if who not in visitors:
                visitors[who] = Visitor(browser, url, *who, plan["lang"])
            problems = shoot(visitors[who], item, folder)
            bad += bool(problems)
            print(f"{item['name']}: {'; '.join(problems) or 'ok'}", flush=True)
        with contextlib.suppress(Error):
            browser.close()
    print(f"{len(plan['pages'])} screens, {bad} with problems, in {folder}")
    sys.exit(1 if bad else 0)


main(*sys.argv[1:5])
