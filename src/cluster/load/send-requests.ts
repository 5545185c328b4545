import {setMaxListeners} from 'node:events';
import type {Experiment} from '../../experiment/experiment.ts';
import {Schedule} from '../../experiment/schedule.ts';
import {refusedPause, UserScript} from '../../experiment/schedule-users.ts';
import {unixNow} from '../observe/clock.ts';
import type {JournalEntry} from '../observe/entry.ts';
import {type Address, ChatClient} from './chat-client.ts';
import {promptOf, type TokenCount} from './prompt.ts';
import {sleepUntil} from './sleep-until.ts';

type SendOptions = {
	readonly experiment: Experiment;
	readonly address: Address;
	readonly tokenCount: TokenCount;
	/** Time 0 of the schedule [s since 1970]. */
	readonly start: number;
	readonly write: (entry: JournalEntry) => void;
	/** Ends the run: whatever is under way is in flight. */
	readonly signal: AbortSignal;
};

/** Replication whose requests every repeat sends, and which can be simulated too. */
export const replayedReplication = 0;

/** Sends the experiment's requests at their own times until its duration is over or the signal aborts. */
export async function sendRequests(options: SendOptions): Promise<void> {
	const {experiment, signal, start} = options;
	const over = new AbortController();
	const end = AbortSignal.any([signal, over.signal]);
	setMaxListeners(0, end, signal); // every user waits for it
	const sender = new RequestSender(options, end);
	try {
		const sending =
			experiment.workload.loop === 'open' ? sendOpen(sender, options, end) : sendClosed(sender, options, end);
		await sleepUntil(start + experiment.duration, signal);
		over.abort();
		await sending;
		await sender.settled();
	} finally {
		over.abort();
		sender.close();
	}
}

/** Requests arrive whatever became of earlier ones. */
async function sendOpen(sender: RequestSender, {experiment, start}: SendOptions, end: AbortSignal): Promise<void> {
	for (const {count, at, tenant, conversation, promptTokens, outputTokens} of new Schedule(
		experiment,
		replayedReplication,
	).blocks()) {
		for (let row = 0; row < count; row++) {
			await sleepUntil(start + at[row]!, end);
			if (end.aborted) {
				return;
			}

			sender.begin({
				scheduled: at[row]!,
				tenant: tenant[row]!,
				conversation: conversation[row]!,
				promptTokens: promptTokens[row]!,
				outputTokens: outputTokens[row]!,
			});
		}
	}
}

/** Each user thinks, sends, waits for the end of it and thinks again. */
async function sendClosed(sender: RequestSender, {experiment, start}: SendOptions, end: AbortSignal): Promise<void> {
	const {workload} = experiment;
	const users = workload.loop === 'closed' ? workload.users.count : 0;
	await Promise.all(
		Array.from({length: users}, async (_, user) => {
			const script = new UserScript(experiment, replayedReplication, user);
			let before: TurnEnd = {at: 0, isRefused: false};
			while (!end.aborted) {
				const scheduled = script.nextSending(before.at, before.isRefused ? refusedPause : 0);
				await sleepUntil(start + Math.min(scheduled, experiment.duration), end);
				if (scheduled >= experiment.duration) {
					return;
				}

				if (!end.aborted) {
					const {tenant, conversation, promptTokens, outputTokens} = script;
					before = await sender.send({scheduled, tenant, conversation, promptTokens, outputTokens, user});
				}
			}
		}),
	);
}

type Turn = {
	readonly scheduled: number;
	readonly tenant: number;
	readonly conversation: number;
	readonly promptTokens: number;
	readonly outputTokens: number;
	readonly user?: number;
};

/** End of a turn [s from the start], and whether no pod took it: no endpoint behind the Service, or 503. */
type TurnEnd = {readonly at: number; readonly isRefused: boolean};

/** Sends single requests and writes how they ended. */
class RequestSender {
	readonly #options: SendOptions;
	readonly #client: ChatClient;
	readonly #end: AbortSignal;
	readonly #open = new Set<Promise<TurnEnd>>();
	#serial = 0;

	constructor(options: SendOptions, end: AbortSignal) {
		this.#options = options;
		this.#client = new ChatClient(options.address);
		this.#end = end;
	}

	/** Sends one request, whose end `settled` waits for. */
	begin(turn: Turn): void {
		const sending = this.#send(turn);
		this.#open.add(sending);
		sending.then(
			() => this.#open.delete(sending),
			() => undefined, // thrown by settled
		);
	}

	async send(turn: Turn): Promise<TurnEnd> {
		return this.#send(turn);
	}

	async settled(): Promise<void> {
		await Promise.all(this.#open);
	}

	close(): void {
		this.#client.close();
	}

	async #send(turn: Turn): Promise<TurnEnd> {
		const {experiment, tokenCount, start, write} = this.#options;
		const {workload} = experiment;
		const id = this.#serial++;
		const {scheduled, conversation, promptTokens, outputTokens, user} = turn;
		const tenant = workload.tenants[turn.tenant]!.name;
		const prompt = promptOf(id, promptTokens, tokenCount);
		const at = unixNow();
		write({type: 'sent', at, id, scheduled, tenant, conversation, promptTokens, outputTokens});
		const name = `${turn.tenant}-${conversation}`;
		const end = await this.#client.send(
			{tenant, conversation: name, prompt, maxTokens: outputTokens},
			{
				deadline: start + scheduled + workload.timeout,
				client: workload.connections === 'keep-alive' ? (user === undefined ? name : `user-${user}`) : undefined,
				signal: this.#end,
			},
		);
		write({type: 'ended', id, ...end});
		const isRefused = end.outcome === 'failed' && (end.error === 'ECONNREFUSED' || end.status === 503);
		return {at: end.at - start, isRefused};
	}
}
