/* global Chart */
import { Component, onWillStart, onWillUnmount, useEffect, useRef } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/views/fields/formatters";

import { dayStart, monthOf } from "./days";

const COLOURS = { red: "#d9534f", yellow: "#e0a800", green: "#28a745", unknown: "#adb5bd" };
const RECOMPUTED = ["#1f77b4", "#9467bd"];

/** The score over time: each verdict, new versions of the scorecard, decisions by hand. */
export class HealthHistory extends Component {
    static template = "customer_success.HealthHistory";
    static props = { history: Array, recomputed: { type: Array, optional: true }, limits: Array };
    static defaultProps = { recomputed: [] };

    setup() {
        this.canvas = useRef("canvas");
        this.chart = null;
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => this.draw(),
            () => [JSON.stringify([this.props.history, this.props.recomputed])]
        );
        onWillUnmount(() => this.chart && this.chart.destroy());
    }

    /** The verdicts, and today: the last one still holds. */
    get points() {
        const points = this.props.history.map((point, index) => ({
            ...point,
            x: dayStart(point.day),
            isVersion: index > 0 && point.scorecard !== this.props.history[index - 1].scorecard,
        }));
        const last = points[points.length - 1];
        return [...points, { ...last, x: Date.now(), label: _t("today"), isVersion: false }];
    }

    draw() {
        if (this.chart) {
            this.chart.destroy();
        }
        const points = this.points;
        const recomputed = this.props.recomputed.map((one, index) => this.recomputedOf(one, index));
        const begins = [points, ...recomputed.map((one) => one.data)].map(([first]) => first.x);
        this.chart = new Chart(this.canvas.el, {
            type: "line",
            data: { datasets: [this.counting(points), this.computed(points), ...recomputed] },
            options: {
                maintainAspectRatio: false,
                animation: false,
                parsing: false,
                scales: {
                    x: {
                        type: "linear",
                        min: Math.min(...begins),
                        max: points[points.length - 1].x,
                        grid: { display: false },
                        ticks: { maxTicksLimit: 6, callback: monthOf },
                    },
                    y: { min: 0, max: 100, ticks: { stepSize: 25 } },
                },
                plugins: {
                    legend: {
                        display: recomputed.length > 0,
                        position: "bottom",
                        labels: { boxHeight: 1, filter: (item) => Boolean(item.text) },
                    },
                    tooltip: {
                        callbacks: {
                            title: ([item]) => item.raw.point.label,
                            label: (item) => this.words(item.raw.point),
                        },
                    },
                },
            },
        });
    }

    counting(points) {
        return {
            label: _t("As it was judged"),
            data: points.map((point) => ({ x: point.x, y: point.score, point })),
            stepped: true,
            // A point at 100, or of today, is drawn whole.
            clip: false,
            borderColor: "#6c757d",
            borderWidth: 2,
            pointBackgroundColor: points.map((point) => COLOURS[point.band]),
            pointBorderColor: points.map((point) => COLOURS[point.band]),
            pointStyle: points.map((point) =>
                point.override ? "triangle" : point.isVersion ? "rectRot" : "circle"
            ),
            pointRadius: points.map((point) => (point.override || point.isVersion ? 7 : 4)),
        };
    }

    /** What would have been without decisions by hand. */
    computed(points) {
        const shown = points.some((point) => point.override) ? points : [];
        return {
            data: shown.map((point) => ({ x: point.x, y: point.computed, point })),
            stepped: true,
            borderColor: "#adb5bd",
            borderDash: [4, 4],
            borderWidth: 1,
            pointRadius: 0,
        };
    }

    /** What another version of the scorecard would have said, beside what was judged. */
    recomputedOf({ scorecard, points }, index) {
        const colour = RECOMPUTED[index % RECOMPUTED.length];
        return {
            label: _t("Recomputed by %s", scorecard),
            data: points.map((point) => ({
                x: dayStart(point.day),
                y: point.score,
                point: { ...point, recomputedBy: scorecard },
            })),
            stepped: true,
            borderColor: colour,
            backgroundColor: colour,
            borderWidth: 2,
            pointRadius: 2,
        };
    }

    number(value) {
        return formatFloat(value, { digits: [16, 1] });
    }

    words(point) {
        const words = [_t("Score: %s", this.number(point.score))];
        if (point.recomputedBy) {
            return [...words, _t("Recomputed by %s", point.recomputedBy)];
        }
        if (point.override) {
            words.push(_t("Computed: %s", this.number(point.computed)), point.override);
        }
        words.push(point.isVersion ? _t("Judged from here on by: %s", point.scorecard) : point.scorecard);
        return words;
    }
}
