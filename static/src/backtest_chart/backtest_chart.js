import { Component, onWillStart, useEffect, useRef } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { cookie } from "@web/core/browser/cookie";
import { getCustomColor } from "@web/core/colors/colors";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const LINES = ["#1f77b4", "#e07b00"];
const LEFT = "#dc3545";
const STAYED = "#8fb8de";

/**
 * A back-test as a picture: how scores were spread among those that left and those
 * that stayed, or the ROC curve; of several back-tests, one line each.
 */
export class BacktestChart extends Component {
    static template = "customer_success.BacktestChart";
    static props = { ...standardFieldProps, chart: { type: String, optional: true } };
    static defaultProps = { chart: "roc" };

    setup() {
        this.canvasRef = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(() => {
            if (!this.canvasRef.el) {
                return;
            }
            const chart = new Chart(this.canvasRef.el, this.config);
            return () => chart.destroy();
        });
    }

    get series() {
        const value = this.props.record.data[this.props.name];
        return (value?.series || (value ? [value] : [])).filter((one) => one.roc?.length);
    }

    get config() {
        return this.props.chart === "scores" ? this.scoresConfig : this.rocConfig;
    }

    get rocConfig() {
        const datasets = this.series.map((one, index) => ({
            label: one.label || _t("This score"),
            data: one.roc.map((point) => ({
                x: 100 * point.x,
                y: 100 * point.y,
                score: point.score,
            })),
            borderColor: LINES[index % LINES.length],
            backgroundColor: LINES[index % LINES.length],
            borderWidth: 2,
            pointRadius: 0,
            pointHitRadius: 8,
        }));
        datasets.push({
            label: _t("Tossing a coin"),
            data: [
                { x: 0, y: 0 },
                { x: 100, y: 100 },
            ],
            borderColor: this.lineColor,
            borderDash: [4, 4],
            borderWidth: 1,
            pointRadius: 0,
            pointHitRadius: 0,
        });
        return {
            type: "line",
            data: { datasets },
            options: this.options(
                _t("Stayed, with a warning (%)"),
                _t("Left, with a warning (%)"),
                { type: "linear", min: 0, max: 100 },
                { min: 0, max: 100 },
                (item) =>
                    _t("Warning below %(score)s: %(left)s % of those that left, %(stayed)s % of the others", {
                        score: item.raw.score,
                        left: Math.round(item.raw.y),
                        stayed: Math.round(item.raw.x),
                    })
            ),
        };
    }

    get scoresConfig() {
        const [one] = this.series;
        const dataset = (label, key, backgroundColor) => ({
            label,
            data: one.scores.map((bucket) => bucket[key]),
            backgroundColor,
        });
        return {
            type: "bar",
            data: {
                labels: one.scores.map((bucket) => `${bucket.from}–${bucket.from + 10}`),
                datasets: [
                    dataset(_t("Left in time"), "left", LEFT),
                    dataset(_t("Stayed"), "stayed", STAYED),
                ],
            },
            options: this.options(_t("Score"), _t("Share of the observations (%)"), {}, { min: 0 }),
        };
    }

    get lineColor() {
        return getCustomColor(cookie.get("color_scheme"), "#9a9a9a", "#7a7d88");
    }

    options(xTitle, yTitle, x, y, label) {
        const scheme = cookie.get("color_scheme");
        const color = getCustomColor(scheme, "#111827", "#E4E4E4");
        const grid = { color: getCustomColor(scheme, "#d8dadd", "#3C3E4B") };
        const axis = (text) => ({ title: { display: true, text, color }, ticks: { color }, grid });
        return {
            maintainAspectRatio: false,
            animation: false,
            scales: { x: { ...axis(xTitle), ...x }, y: { ...axis(yTitle), ...y } },
            plugins: {
                legend: { position: "bottom", labels: { color } },
                tooltip: label ? { callbacks: { label, title: () => "" } } : {},
            },
        };
    }
}

registry.category("fields").add("cs_backtest_chart", {
    component: BacktestChart,
    displayName: _t("Back-test chart"),
    supportedTypes: ["json"],
    supportedOptions: [{ label: _t("Chart"), name: "chart", type: "string" }],
    extractProps: ({ options }) => ({ chart: options.chart }),
});
