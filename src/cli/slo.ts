import type {Slo} from '../experiment/experiment.ts';
import {formatNumber} from '../statistics/format-estimate.ts';

/** `SLO p95 ≤ 10 s, availability ≥ 99 %`. */
export function describeSlo({availability, ttft, ...latencies}: Slo): string {
	const bounds = [
		...(['p50', 'p95', 'p99'] as const)
			.filter(name => latencies[name] !== undefined)
			.map(name => `${name} ≤ ${latencies[name]} s`),
		...(ttft === undefined ? [] : [`time to first token ≤ ${ttft} s`]),
		...(availability === undefined ? [] : [`availability ≥ ${formatPercent(availability)}`]),
	];
	return bounds.length === 0 ? 'no SLO' : `SLO ${bounds.join(', ')}`;
}

function formatPercent(fraction: number): string {
	return `${Number(formatNumber(fraction * 100, 4))} %`;
}
