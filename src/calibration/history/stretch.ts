import type {History} from '../../records/history.ts';

/** Longest time without a value of the load that a straight line bridges [s]: five minutes. */
export const longestBridge = 300;

/** Part of a history in which the load is known: steps from `from` up to `to`, which is not in it. */
export type Stretch = {readonly from: number; readonly to: number};

/**
 * Longest part of a series without a gap of more than {@link longestBridge}.
 *
 * @returns undefined where no value is known
 */
export function longestStretch(values: Float64Array, stepSeconds: number): Stretch | undefined {
	const most = Math.floor(longestBridge / stepSeconds);
	let [best, begin, last]: [Stretch | undefined, number, number] = [undefined, -1, -1];
	const end = () => {
		if (begin !== -1 && last + 1 - begin > (best === undefined ? 0 : best.to - best.from)) {
			best = {from: begin, to: last + 1};
		}
	};
	for (const [step, value] of values.entries()) {
		if (Number.isNaN(value)) {
			continue;
		}

		if (begin === -1 || step - last - 1 > most) {
			end();
			begin = step;
		}

		last = step;
	}

	end();
	return best;
}

/** Values of a stretch with straight lines over its gaps, none below 0, and the number of steps that were bridged. */
export function bridged(values: Float64Array, {from, to}: Stretch): {values: Float64Array; steps: number} {
	const filled = values.slice(from, to);
	let steps = 0;
	let known = 0;
	for (let step = 1; step < filled.length; step++) {
		if (Number.isNaN(filled[step]!)) {
			continue;
		}

		for (let between = known + 1; between < step; between++) {
			const part = (between - known) / (step - known);
			filled[between] = filled[known]! + part * (filled[step]! - filled[known]!);
			steps++;
		}

		known = step;
	}

	return {values: filled.map(value => Math.max(0, value)), steps};
}

/** A history's series within a stretch. */
export function partOfHistory({series, ...history}: History, {from, to}: Stretch): History {
	const cut = (values: Float64Array) => values.slice(from, to);
	const {latency} = history;
	return {
		...history,
		start: history.start + from * history.stepSeconds,
		steps: to - from,
		series: Object.fromEntries(Object.entries(series).map(([name, values]) => [name, cut(values)])),
		cpuOfContainers: Object.fromEntries(
			Object.entries(history.cpuOfContainers).map(([name, values]) => [name, cut(values)]),
		),
		...(latency !== undefined && {
			latency: {
				...latency,
				ratesUpTo: latency.ratesUpTo.map(cut),
				secondsRate: cut(latency.secondsRate),
			},
		}),
	};
}
