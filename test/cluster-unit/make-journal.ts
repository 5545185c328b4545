import type {PodView} from '../../src/autoscaler/reconcile.ts';
import type {JournalEntry, PodEntry} from '../../src/cluster/observe/entry.ts';
import {reply} from './fake-service.ts';

/** Time 0 of the journals here [s since 1970]. */
export const start = 1000;

export function podEntry(
	at: number,
	parts: Partial<Omit<PodEntry, 'view'>> & {readonly view?: Partial<PodView>} = {},
): PodEntry {
	const {view, ...rest} = parts;
	const container = (name: string) => ({name, id: `${name}-id`, restarts: 0, isRunning: true});
	return {
		type: 'pod',
		at,
		isScheduled: true,
		containers: [container('backend'), container('ollama')],
		...rest,
		view: {
			name: 'llm-0',
			phase: 'Running',
			containers: [
				{name: 'backend', requests: {cpu: 25}},
				{name: 'ollama', requests: {cpu: 125}},
			],
			...view,
		},
	};
}

export const readyView = (since: number) => ({ready: {status: true, lastTransitionTime: since}});
export const notReadyView = (since: number) => ({ready: {status: false, lastTransitionTime: since}});

export function sent(id: number, scheduled: number, at = start + scheduled): JournalEntry {
	return {
		type: 'sent',
		at,
		id,
		scheduled,
		tenant: 'default',
		conversation: 0,
		promptTokens: 25,
		outputTokens: 16,
	};
}

/** The pod had it 3 s before its end, all but a hundredth. */
export function completed(id: number, at: number): JournalEntry {
	const timings = {...reply.timings, receivedAt: at - 2.99};
	return {type: 'ended', at, id, outcome: 'completed', status: 200, firstToken: at - 1, reply: {...reply, timings}};
}

export function sample(at: number, timestamp: number, cpu = 0.1): JournalEntry {
	const containers = [{name: 'ollama', cpu, memory: 2e8}];
	return {type: 'sample', at, pod: 'llm-0', timestamp, window: 15, containers};
}
