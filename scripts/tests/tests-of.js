// ava's `test` for a file that shares its process: its titles begin with the file, and its tests run in turn.
import test from 'ava';

/** Declares tests under the titles that they have in their own file, with the file before them. */
export function titled(declare, file) {
	return (...words) => {
		const title = typeof words[0] === 'string' ? words.shift() : undefined;
		const [body, ...rest] = words;
		const own = body?.title?.(title, ...rest) ?? title;
		declare(typeof own === 'string' && own.trim() !== '' ? `${file} › ${own}` : own, body?.exec ?? body, ...rest);
	};
}

const waiting = [];

/** Keeps a declaration until {@link declareAll}. */
function later(declare) {
	return (...words) => void waiting.push(() => declare(...words));
}

/** Declares the tests of all files at once, as ava asks for: a module that awaits something ends later than the ones before it. */
export function declareAll() {
	for (const declare of waiting.splice(0)) {
		declare();
	}
}

/** @param file as it stands in titles, such as "hpa-spec" or "charts › label" */
export function testsOf(file) {
	const {serial, macro, meta} = test;
	const named = titled(later(serial), file);
	return Object.assign(named, {
		before: later(test.before),
		after: Object.assign(later(test.after), {always: later(test.after.always)}),
		macro,
		meta,
		serial: named,
		failing: titled(later(serial.failing), file),
		skip: titled(later(serial.skip), file),
		only: titled(later(serial.only), file),
		todo: later(title => test.todo(`${file} › ${title}`)),
	});
}
