import {peaksOf} from './load-curve.ts';
import type {LoadRule, LoadRun} from './load-rule.ts';

/** Pods that come when the burst that they were added for is over. */
export const startAndBurst: LoadRule = {
	id: 'start-up-longer-than-burst',
	severity: 'warning',
	title: 'pods that are Ready after the burst that they were added for',
	reason:
		'Measuring, deciding, scheduling and loading a model take time. Where a burst is shorter, the pods that it adds serve nothing of it, and its requests are late all the same.',
	*check({autoscaler}, experiment) {
		const bursts = (peaksOf(experiment) ?? []).filter(({begin, end}) => begin > 0 && end < experiment.duration);
		if (bursts.length === 0 || Object.values(experiment.slo).every(bound => bound === undefined)) {
			return;
		}

		const longest = Math.max(...bursts.map(({begin, end}) => end - begin));
		yield {
			severity: 'warning',
			object: autoscaler,
			place: autoscaler.placeOf('spec', autoscaler.keda === undefined ? 'minReplicas' : 'minReplicaCount'),
			load: `The load of ${experiment.name}: ${bursts.length === 1 ? 'a burst' : `${bursts.length} bursts`} of at most ${longest} s`,
			experiments: [experiment],
			replications: 3,
			shows: ([result]) => {
				const delays = result!.runs.map(run => delaysOf(run, bursts));
				const all = delays.flat();
				const isLate = delays.every(each => each.length > 0) && all.every(({isLate: late}) => late);
				const soonest = Math.round(Math.min(...all.map(({seconds}) => seconds)));
				return isLate && !result!.keepsSlo
					? {
							message: `The pods that a burst adds come after it: a burst lasts ${longest} s at most, and the first new pod is Ready ${soonest} s after its beginning. The objectives of the experiment are not kept.`,
							fix: 'Raise minReplicas to what a burst needs, scale on what rises sooner, or have pods start faster.',
							steps: withReady(result!.runs[0]!),
						}
					: undefined;
			},
		};
	},
};

/** Time from the beginning of each burst until a pod that was created in it is Ready [s], and whether that is after the burst. */
function delaysOf({added}: LoadRun, bursts: readonly {readonly begin: number; readonly end: number}[]) {
	return bursts.flatMap(({begin, end}) =>
		added
			.filter(({created}) => created >= begin && created < end)
			.map(({ready = Number.POSITIVE_INFINITY}) => ({seconds: ready - begin, isLate: ready > end})),
	);
}

/** Steps with a remark at the first one after a pod has become Ready. */
function withReady({steps, added}: LoadRun): LoadRun['steps'] {
	return steps.map((each, index) => {
		const before = steps[index - 1]?.at ?? Number.NEGATIVE_INFINITY;
		const count = added.filter(({ready}) => ready !== undefined && ready > before && ready <= each.at).length;
		return count === 0 ? each : {...each, remark: `${count === 1 ? 'a pod is' : `${count} pods are`} Ready`};
	});
}
