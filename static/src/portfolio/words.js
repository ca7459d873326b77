import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { formatInteger, formatMonetary, formatPercentage } from "@web/views/fields/formatters";
import { distance } from "../distance";

/** The same of a deadline: what has passed is late. */
export function lateness(days) {
    if (days === -1) {
        return _t("1 day late");
    }
    return days < 0 ? _t("%s days late", -days) : distance(days);
}

export function day(date) {
    return date ? formatDate(deserializeDate(date)) : "";
}

export function urgency(days) {
    if (days === null || days > 0) {
        return "text-muted";
    }
    return days < 0 ? "text-danger fw-bold" : "text-warning-emphasis fw-bold";
}

export function number(value) {
    return formatInteger(value);
}

/** @param {number} value of 100 */
export function percent(value) {
    return formatPercentage(value / 100, { digits: [16, 0] });
}

/** An amount without cents: they say nothing in an overview. */
export function money(amount, currencyId) {
    if (amount === null || amount === false) {
        return "–";
    }
    return formatMonetary(Math.round(amount), { currencyId, digits: [16, 0] });
}

export function bigMoney(amount, currencyId) {
    return formatMonetary(amount || 0, { currencyId, humanReadable: true });
}
