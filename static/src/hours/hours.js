import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/views/fields/formatters";

/** Hours of work in words, with no more decimals than they have: "1.5 h". */
export function formatHours(number) {
    const rounded = Math.round(number * 100) / 100;
    const decimals = (String(rounded).split(".")[1] || "").length;
    return _t("%s h", formatFloat(rounded, { digits: [16, decimals] }));
}

/** How many tasks, in words. */
export function formatTasks(count) {
    return count === 1 ? _t("1 task") : _t("%s tasks", count);
}
