import type {UserCurve, Users} from './experiment.ts';

/** A time during which a user is there [s]; `until` is Infinity for one who stays. */
export type Presence = {readonly from: number; readonly until: number};

/**
 * Presence of a user under a curve of users: the last to come leaves first, as in k6's `ramping-vus`.
 *
 * On a straight line, a user comes when it reaches the next whole number, and leaves when it has fallen by one, so that
 * a fall from 12 to 0 in a minute takes one user away every 5 s.
 *
 * @param user - number of the user, from 0 in the order in which they come
 * @see https://github.com/grafana/k6/blob/v1.0.0/lib/executor/ramping_vus.go
 */
export function presenceOf({points, interpolation}: UserCurve, user: number): readonly Presence[] {
	const spans: Presence[] = [];
	let from: number | undefined;
	const turn = (at: number, isThere: boolean) => {
		if (isThere && from === undefined) {
			from = at;
		} else if (!isThere && from !== undefined) {
			if (at > from) {
				spans.push({from, until: at});
			}

			from = undefined;
		}
	};
	for (const [index, {at, count}] of points.entries()) {
		const before = points[index - 1];
		if (before === undefined || interpolation === 'step') {
			turn(at, count > user);
		} else if (count > before.count && count > user) {
			const part = Math.max(0, user + 1 - before.count) / (count - before.count);
			turn(before.at + part * (at - before.at), true);
		} else if (count < before.count && count <= user) {
			const part = Math.max(0, before.count - user) / (before.count - count);
			turn(before.at + part * (at - before.at), false);
		}
	}

	return from === undefined ? spans : [...spans, {from, until: Number.POSITIVE_INFINITY}];
}

/** Limits the number of users: a curve keeps its shape. */
export function usersAtMost(users: Users, count: number): Users {
	const {curve} = users;
	const points = curve?.points.map(({at, count: own}) => ({at, count: Math.round((own * count) / users.count)}));
	return {...users, count, ...(curve && points && {curve: {...curve, points}})};
}

/**
 * The next time that a user sends [s]: after a pause from the end of the last turn, or from the next time that the user
 * comes. A user who has to leave meanwhile sends no more until then; Infinity for one who never comes again.
 */
export function nextSending(presence: readonly Presence[], after: number, pause: number): number {
	const span = presence.find(({from, until}) => until > after && Math.max(after, from) + pause < until);
	return span === undefined ? Number.POSITIVE_INFINITY : Math.max(after, span.from) + pause;
}
