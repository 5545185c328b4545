import type {RandomStream} from './random-stream.ts';

/** `count` of the items, each drawn at random from those that are left, or all if there are fewer. */
export function pick<Item>(items: readonly Item[], count: number, stream: RandomStream): Item[] {
	const rest = [...items];
	const picked: Item[] = [];
	while (picked.length < count && rest.length > 0) {
		picked.push(...rest.splice(Math.floor(stream.uniform() * rest.length), 1));
	}

	return picked;
}
