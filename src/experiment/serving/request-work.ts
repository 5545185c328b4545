import {type ColumnSampler, columnSamplerOf, type Sampler, samplerOf} from '../draw-distribution.ts';
import type {Distribution, Workload} from '../experiment.ts';
import {type WorkKind, workKinds} from './work-kind.ts';

/** Work of the requests of a workload: drawn, or read from a trace, where there is no distribution. */
type RequestWork = {readonly kind: WorkKind; readonly distribution?: Distribution};

/** Kind of the work that the requests of a workload bring along; undefined where they have tokens. */
export function requestWork(workload: Workload): RequestWork | undefined {
	if (workload.loop === 'open' && workload.arrivals.process === 'trace') {
		const {work} = workload.arrivals;
		return work && {kind: work.kind};
	}

	const kind = workKinds.find(kind => workload.requests[kind] !== undefined);
	return kind && {kind, distribution: workload.requests[kind]!};
}

/** Sampler of the work of a request [s]; undefined where requests have tokens, or a trace has their work. */
export function workSampler(workload: Workload): Sampler | undefined {
	const distribution = requestWork(workload)?.distribution;
	return distribution && samplerOf(distribution);
}

/** Column sampler of the work of requests [s]; undefined where they have tokens, or a trace has their work. */
export function workColumnSampler(workload: Workload): ColumnSampler<Float64Array> | undefined {
	const distribution = requestWork(workload)?.distribution;
	return distribution && columnSamplerOf(distribution);
}
