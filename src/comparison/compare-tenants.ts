import type {RequestFigures} from '../records/request-statistics.ts';
import {compareValues, type FigureComparison, type Sides} from './compare-figures.ts';
import type {Reading} from './reading.ts';

/** A tenant's figures, simulated against measured. */
export type TenantComparison = {readonly name: string; readonly figures: Readonly<Record<string, FigureComparison>>};

type TenantFigures = RequestFigures['tenants'][number];

const figures: Readonly<Record<string, {unit: string; read: (tenant: TenantFigures) => number}>> = {
	meanLatency: {unit: 's', read: ({latencySeconds}) => latencySeconds.mean},
	p50: {unit: 's', read: ({latencySeconds}) => latencySeconds.p50},
	p95: {unit: 's', read: ({latencySeconds}) => latencySeconds.p95},
	p99: {unit: 's', read: ({latencySeconds}) => latencySeconds.p99},
	throughput: {unit: '1/s', read: ({throughputPerSecond}) => throughputPerSecond},
	sloAttainment: {unit: '1', read: ({sloAttainment}) => sloAttainment},
};

/** In the order of the experiment. */
export function compareTenants({simulated, measured, spread}: Sides): TenantComparison[] {
	const tenants = measured[0]?.account.requests.tenants ?? [];
	return tenants.map(({name}, index) => ({
		name,
		figures: Object.fromEntries(
			Object.entries(figures).map(([figure, {unit, read}]) => {
				const of = (run: Reading) => read(run.account.requests.tenants[index]!);
				const values = {unit, simulated: simulated.map(of), measured: measured.map(of), spread: spread?.map(of)};
				return [figure, compareValues(values)];
			}),
		),
	}));
}
