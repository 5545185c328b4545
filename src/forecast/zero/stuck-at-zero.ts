import type {Experiment} from '../../experiment/experiment.ts';
import {scalesToZero} from '../../experiment/keda/scales-to-zero.ts';
import type {RunAccount} from '../../records/pod-usage.ts';
import {zeroFigures} from '../../records/zero-figures.ts';

/** Share of the time at zero pods from which on pods that never return are the cause. */
const longAtZero = 0.1;

/**
 * External metric of a ScaledObject that can never bring the first pod: all that its triggers read is exported by the
 * pods themselves, and no run with requests ever left zero.
 *
 * @returns its name; undefined where the pods return, or a trigger reads something else
 */
export function stuckAtZero(experiment: Experiment, runs: readonly RunAccount[]): string | undefined {
	const {keda, customMetrics, duration} = experiment;
	if (keda === undefined || !scalesToZero(experiment)) {
		return undefined;
	}

	const external = keda.triggers.filter(({metric}) => metric !== undefined);
	const isOfPods = external.every(
		({source}) =>
			(source.kind === 'prometheus' || source.kind === 'named') &&
			Object.values(customMetrics?.series ?? {}).every(({exporter}) => exporter === 'pods'),
	);
	const stays = runs.every(run => {
		const {share, starts} = zeroFigures(run.timeline, 0, duration);
		return share > longAtZero && starts === 0 && run.timeline.at(-1)![1] === 0;
	});
	const isAsked = runs.some(({requests: {requests}}) => requests.failed + requests.timedOut > 0);
	return isOfPods && stays && isAsked ? external[0]?.metric : undefined;
}
