import {RandomStream} from '../engine/random-stream.ts';
import {samplerOf, tokenSamplerOf} from './draw-distribution.ts';
import type {Experiment, Tenant} from './experiment.ts';
import {workSampler} from './serving/request-work.ts';
import {nextSending, type Presence, presenceOf} from './user-presence.ts';

/** A user whose request was refused at once comes again after this long at the earliest [s], however short the think time. */
export const refusedPause = 1;

/** Script of one user of a closed loop: thinks, then sends, turn after turn, independent of the others. */
export class UserScript {
	readonly tenant: number;
	readonly conversation: number;
	promptTokens = 0;
	outputTokens = 0;
	/** Work that the request brings along instead of tokens [s]. */
	work = Number.NaN;
	readonly #think: () => number;
	readonly #draw: () => void;
	/** Left out for a user who is there all the time. */
	readonly #presence: readonly Presence[] | undefined;

	constructor(experiment: Experiment, replication: number, user: number) {
		const {workload} = experiment;
		if (workload.loop !== 'closed') {
			throw new TypeError('Expected a closed loop, got an open one');
		}

		const stream = (purpose: string) => new RandomStream({seed: experiment.seed, replication, purpose, entity: user});
		const {requests, users, tenants} = workload;
		const {tenant, ordinal} = seatsOf(users.count, tenants)[user]!;
		this.tenant = tenant;
		this.#presence = users.curve && presenceOf(users.curve, user);
		this.conversation = ordinal % tenants[tenant]!.conversations;
		const [thinkStream, promptStream, outputStream] = [stream('think'), stream('promptTokens'), stream('outputTokens')];
		const think = samplerOf(users.thinkTime);
		const prompt = tokenSamplerOf(requests.promptTokens);
		const output = tokenSamplerOf(requests.outputTokens);
		this.#think = () => think(thinkStream);
		const [work, workStream] = [workSampler(workload), stream('work')];
		this.#draw =
			work === undefined
				? () => {
						this.promptTokens = prompt(promptStream);
						this.outputTokens = output(outputStream);
					}
				: () => {
						this.work = work(workStream);
					};
	}

	/** Draws the next turn into `promptTokens` and `outputTokens`, or `work`, and says how long the user thinks before it [s]. */
	nextTurn(): number {
		this.#draw();
		return this.#think();
	}

	/**
	 * Draws the next turn, and says when it is sent [s].
	 *
	 * @param after - end of the turn before; 0 for the first
	 * @param shortest - least pause [s]
	 * @returns Infinity when the user leaves before and does not come again
	 */
	nextSending(after: number, shortest = 0): number {
		const pause = Math.max(shortest, this.nextTurn());
		return this.#presence === undefined ? after + pause : nextSending(this.#presence, after, pause);
	}
}

/** Users are dealt to tenants by their shares, as evenly as whole users allow (Webster's method), in a fixed order. */
function deal(count: number, tenants: readonly Tenant[]): readonly Seat[] {
	const taken = tenants.map(() => 0);
	return Array.from({length: count}, () => {
		let best = 0;
		for (let tenant = 1; tenant < tenants.length; tenant++) {
			if (tenants[tenant]!.share / (2 * taken[tenant]! + 1) > tenants[best]!.share / (2 * taken[best]! + 1)) {
				best = tenant;
			}
		}

		return {tenant: best, ordinal: taken[best]!++};
	});
}

type Seat = {readonly tenant: number; readonly ordinal: number};

/**
 * Dealt seats by tenants, kept as long as the tenants are: dealing again for each user would take the square of their
 * number.
 */
const dealt = new WeakMap<readonly Tenant[], readonly Seat[]>();

function seatsOf(count: number, tenants: readonly Tenant[]): readonly Seat[] {
	let seats = dealt.get(tenants);
	if (seats?.length !== count) {
		seats = deal(count, tenants);
		dealt.set(tenants, seats);
	}

	return seats;
}
