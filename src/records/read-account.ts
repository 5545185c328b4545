import type {Experiment} from '../experiment/experiment.ts';
import {HeldReplicas} from './held-replicas.ts';
import {readUsages} from './read-usages.ts';
import type {DecisionTable, Recording} from './record.ts';
import type {Timeline} from './replica-line.ts';
import {type RequestFigures, RequestStatistics} from './request-statistics.ts';
import type {RunAccount} from './run-account.ts';

/**
 * What a recorded run comes to, simulated or measured: the same account that the simulator gives of its own runs.
 *
 * @param experiment - the one that the record is of
 */
export function readAccount(recording: Recording, experiment: Experiment): RunAccount {
	return {
		requests: requestFigures(recording, experiment),
		pods: readUsages(recording, experiment),
		timeline: timelineOf(recording, experiment),
		heldPodSeconds: heldPodSeconds(recording, experiment),
	};
}

function requestFigures({head, tables}: Recording, {workload, slo}: Experiment): RequestFigures {
	const tenants = workload.tenants.map(({name}) => name);
	const {warmupSeconds: warmup, durationSeconds: duration} = head;
	const statistics = new RequestStatistics({tenants, warmup, duration, slo});
	const {scheduledSeconds, startedSeconds, firstTokenSeconds, endedSeconds, outputTokens} = tables.requests;
	for (const [row, outcome] of tables.requests.outcome.entries()) {
		const tenant = Math.max(0, tenants.indexOf(tables.requests.tenant[row]!));
		const scheduled = scheduledSeconds[row]!;
		if (outcome === 'completed') {
			const times = [startedSeconds[row]!, firstTokenSeconds[row]!, endedSeconds[row]!] as const;
			statistics.completed(tenant, scheduled, ...times, outputTokens[row]!);
		} else {
			statistics.missed(tenant, scheduled, outcome);
		}
	}

	return statistics.figures();
}

/** Replicas asked for: those of time 0, then each decision's. */
function timelineOf({head, tables}: Recording, {autoscaler, deployment, fixed}: Experiment): Timeline {
	const dynamic = autoscaler === 'none' ? (deployment.replicas ?? 1) : autoscaler.minReplicas;
	const timeline: [number, number][] = [[0, head.arm === 'fixed' ? (fixed?.replicas ?? dynamic) : dynamic]];
	const {seconds, desiredReplicas} = tables.decisions;
	for (const [row, desired] of desiredReplicas.entries()) {
		const at = seconds[row]!;
		if (at >= 0 && at <= head.durationSeconds && desired !== timeline.at(-1)![1]) {
			timeline.push([at, desired]);
		}
	}

	return timeline;
}

function heldPodSeconds({head, tables}: Recording, {autoscaler}: Experiment): number {
	if (autoscaler === 'none' || head.arm === 'fixed') {
		return 0;
	}

	const held = new HeldReplicas({minReplicas: autoscaler.minReplicas, from: head.warmupSeconds});
	const {seconds, desiredReplicas, proposals} = tables.decisions;
	for (const [row, at] of seconds.entries()) {
		if (at <= head.durationSeconds) {
			held.decision(at, desiredReplicas[row]!, proposalsOf(proposals[row]!));
		}
	}

	return held.podSeconds(head.durationSeconds);
}

function proposalsOf(text: DecisionTable['proposals'][number]): number[] {
	return (JSON.parse(text) as {proposal?: number}[]).flatMap(({proposal}) => proposal ?? []);
}
