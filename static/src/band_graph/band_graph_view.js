import { registry } from "@web/core/registry";
import { GraphRenderer } from "@web/views/graph/graph_renderer";
import { graphView } from "@web/views/graph/graph_view";

const RED = "#dc3545";
const YELLOW = "#f0ad4e";
const GREEN = "#28a745";
const GREY = "#adb5bd";
const COLORS = {
    band: { red: RED, yellow: YELLOW, green: GREEN, unknown: GREY },
    direction: {
        better: GREEN,
        worse: RED,
        known: "#5bc0de",
        lost: GREY,
        new: "#7c6bb1",
        left: "#343a40",
    },
};

/** Bars in the colors that bands have everywhere else. */
export class BandGraphRenderer extends GraphRenderer {
    getBarChartData() {
        const data = super.getBarChartData();
        for (const dataset of data.datasets) {
            dataset.backgroundColor = this.colorOf(dataset) || dataset.backgroundColor;
        }
        return data;
    }

    colorOf(dataset) {
        for (const domain of dataset.domains || []) {
            for (const leaf of domain) {
                const colors = Array.isArray(leaf) && COLORS[leaf[0]];
                if (colors && colors[leaf[2]]) {
                    return colors[leaf[2]];
                }
            }
        }
        return null;
    }
}

registry.category("views").add("cs_band_graph", {
    ...graphView,
    Renderer: BandGraphRenderer,
});
