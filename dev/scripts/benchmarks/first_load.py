"""What the web client asks of the server when a kanban is first opened."""

import json

from lxml import etree


class KanbanFirstLoad:
    """A kanban as its views describe it; :meth:`load` is what is measured.

    The views are read beforehand: the client keeps them.
    """

    def __init__(self, model, domain):
        self.model = model.with_context(read_group_expand=True)
        self.domain = domain
        answer = model.get_views([(False, "kanban"), (False, "search")])
        self.fields = answer["models"][model._name]["fields"]
        self.kanban = etree.fromstring(answer["views"]["kanban"]["arch"])
        self.search = etree.fromstring(answer["views"]["search"]["arch"])
        self.group_by = self.kanban.get("default_group_by")
        self.bar = self.kanban.find("progressbar")

    def load(self):
        """Ask for all that the screen shows."""
        self.load_board()
        self.load_panel()

    def load_board(self):
        """Ask for the columns with their cards and bars."""
        summed = self.bar.get("sum_field")
        self.model.web_read_group(
            self.domain,
            [self.group_by],
            [f"{summed}:sum"],
            auto_unfold=True,
            opening_info=[],
            unfold_read_specification=self._specification(),
            unfold_read_default_limit=20,
        )
        self.model.read_progress_bar(
            domain=self.domain,
            group_by=self.group_by,
            progress_bar={
                "field": self.bar.get("field"),
                "colors": json.loads(self.bar.get("colors")),
            },
        )

    def load_panel(self):
        """Ask for the search panel, which the pipeline of the CRM has not."""
        for node in self.categories():
            self._load_category(node)

    def categories(self):
        """Return the fields of the search panel."""
        return self.search.findall("searchpanel/field")

    def _specification(self):
        return {
            node.get("name"): self._subfields(node)
            for node in self.kanban.iter("field")
            if node.get("name") in self.fields
        }

    def _subfields(self, node):
        kind = self.fields[node.get("name")]["type"]
        if kind == "many2one":
            return {"fields": {"display_name": {}}}
        if "tags" in node.get("widget", ""):
            return {"fields": {"display_name": {}, "color": {}}}
        return {}

    def _load_category(self, node):
        counts = bool(int(node.get("enable_counters", 0)))
        asked = {
            "enable_counters": counts,
            "search_domain": self.domain,
            "category_domain": [],
            "filter_domain": [],
            "expand": bool(int(node.get("expand", 0))),
        }
        if node.get("select") == "multi":
            self.model.search_panel_select_multi_range(node.get("name"), **asked)
        else:
            asked["hierarchize"] = bool(int(node.get("hierarchize", 1)))
            asked["limit"] = int(node.get("limit", 200))
            self.model.search_panel_select_range(node.get("name"), **asked)
