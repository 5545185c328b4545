import type {NodeFigures} from '../forecast/nodes/node-figures.ts';
import {formatDuration, formatMean, formatNumber, money, seconds} from './text/format.ts';

/** Part of the cost below which a difference is none. */
const unseen = 0.001;

/** Lines of the answer on nodes: how many, who waited for them, and the difference that each part makes. */
export function nodeLines(nodes: NodeFigures | undefined, currency: string): string[] {
	return nodes === undefined ? [] : [countLine(nodes), ...nodes.effects.map(effect => effectLine(effect, currency))];
}

function countLine({mean, most, waited, waitSeconds, longestWaitSeconds, evicted, lost}: NodeFigures): string {
	const counts = `Nodes: ${formatNumber(mean ?? 0, 2)} on average, ${formatNumber(most ?? 0)} at most`;
	const isAny = waited !== null && waited > 0 && waitSeconds !== null && longestWaitSeconds !== null;
	const waits = isAny
		? `in a run ${formatNumber(waited, 1)} pods waited for a node, ${formatDuration(Math.round(waitSeconds))} on average and ${formatDuration(Math.round(longestWaitSeconds))} at most`
		: 'no pod waited for a node';
	const evictions = evicted !== null && evicted > 0 ? `; ${formatNumber(evicted, 1)} pods were evicted` : '';
	const losses = lost !== null && lost > 0 ? `; ${formatNumber(lost, 1)} nodes were taken back or lost` : '';
	return `${counts}; ${waits}${evictions}${losses}.`;
}

function effectLine(
	{effect, replications, p95Seconds: p95, costPerHour: cost}: NodeFigures['effects'][number],
	currency: string,
): string {
	const hourly = (value: number) => `${formatMean(value, money(currency))}/h`;
	const [after, before] = [formatMean(p95.without, seconds), formatMean(p95.with, seconds)];
	const runs = `(${replications === 1 ? 'first replication' : `first ${replications} replications`})`;
	const latency =
		after === before
			? `p95 would be the same, ${before} ${runs}`
			: `p95 would be ${after} instead of ${before} ${runs}`;
	const more = (cost.with ?? Number.NaN) - (cost.without ?? Number.NaN);
	const isSame = Math.abs(more) < unseen * (cost.with ?? 0);
	switch (effect) {
		case 'wait':
			return `If nodes came at once, ${latency}.`;
		case 'spare':
			return `The spare pods cost ${hourly(more)}; without them ${latency}.`;
		case 'consolidation': {
			const words = more < 0 ? `saves ${hourly(-more)}` : `costs ${hourly(more)}`;
			return `Removing nodes that are not empty ${isSame ? 'changes nothing in the cost' : words}; without it ${latency}.`;
		}
	}
}
