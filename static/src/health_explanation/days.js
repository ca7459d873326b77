const { DateTime } = luxon;

/**
 * When a day ("2026-03-01") begins here, in milliseconds. `Date.parse` would take it for
 * the day's begin in Greenwich, which is the evening before in all of the Americas.
 */
export function dayStart(day) {
    return DateTime.fromISO(day).toMillis();
}

/** The month of a moment, short: "Mar 26". */
export function monthOf(milliseconds) {
    return DateTime.fromMillis(milliseconds).toFormat("LLL yy");
}
