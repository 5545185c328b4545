import {setTimeout as sleep} from 'node:timers/promises';
import {namespace, workload} from '../setup/cluster.ts';
import {unixNow} from './clock.ts';
import type {DecisionEntry} from './entry.ts';
import type {Observer} from './observe-pods.ts';

type Pods = {items: {metadata: {name: string}}[]};

const system = '/api/v1/namespaces/kube-system/pods';

/**
 * Follows the log of kube-controller-manager, in which the autoscaler writes its proposals and decisions at
 * `--vmodule=horizontal=4`. When that log is not available, no entry is written.
 */
export async function observeDecisions({api, write, signal}: Observer): Promise<void> {
	const {items} = await api
		.get<Pods>(`${system}?labelSelector=component%3Dkube-controller-manager`)
		.catch((): Pods => ({items: []}));
	await Promise.all(
		items.map(async ({metadata: {name}}) => {
			let since = new Date().toISOString();
			while (!signal.aborted) {
				try {
					const path = `${system}/${name}/log?follow=true&timestamps=true&sinceTime=${since}`;
					for await (const line of api.lines(path, signal)) {
						const entry = readDecision(line);
						if (entry !== undefined) {
							write(entry);
						}
					}
				} catch {
					// Begun again below.
				}

				since = new Date(unixNow() * 1000).toISOString();
				await sleep(500, undefined, {signal}).catch(() => undefined);
			}
		}),
	);
}

const steps = {
	'Proposing desired replicas': 'proposed',
	'Decided not to scale': 'kept',
	'Successfully rescaled': 'rescaled',
} as const;

/** Reads a line of the log, with the time that the API puts in front of it; nothing when it is about something else. */
export function readDecision(line: string): DecisionEntry | undefined {
	const [, time = '', message = '', rest = ''] =
		/^(\S+) [IWE]\d{4} \S+\s+\d+ horizontal\.go:\d+\] "([^"]*)"(.*)$/.exec(line) ?? [];
	const at = Date.parse(time) / 1000;
	if (message === 'Unhandled Error') {
		const words = /err="((?:[^"\\]|\\.)*)"/.exec(rest)?.[1];
		return words === undefined ? undefined : {type: 'decision', at, step: 'failed', words};
	}

	const step = steps[message as keyof typeof steps];
	if (step === undefined || !isOurs(rest)) {
		return undefined;
	}

	const [desired, current] = ['desiredReplicas', 'currentReplicas'].map(
		key => new RegExp(`${key}=(\\d+)`).exec(rest)?.[1],
	);
	const metric = /metric="([^"]*)"/.exec(rest)?.[1];
	const [, day, hours] = /timestamp="(\S+) (\S+) \+0000 UTC"/.exec(rest) ?? [];
	const words = /reason="([^"]*)"/.exec(rest)?.[1];
	return {
		type: 'decision',
		at,
		step,
		...(desired !== undefined && {desiredReplicas: Number(desired)}),
		...(current !== undefined && {currentReplicas: Number(current)}),
		...(metric !== undefined && {metric}),
		...(day !== undefined && {timestamp: Date.parse(`${day}T${hours}Z`) / 1000}),
		...(words !== undefined && {words}),
	};
}

function isOurs(rest: string): boolean {
	return rest.includes(`"Deployment/${namespace}/${workload}"`) || rest.includes(`"${namespace}/${workload}"`);
}
