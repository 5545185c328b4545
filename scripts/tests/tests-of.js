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

/** @param file as it stands in titles, such as "hpa-spec" or "charts › label" */
export function testsOf(file) {
	const named = titled(test.serial, file);
	const {before, after, macro, meta} = test;
	return Object.assign(named, {
		before,
		after,
		macro,
		meta,
		serial: named,
		failing: titled(test.serial.failing, file),
		skip: titled(test.serial.skip, file),
		only: titled(test.serial.only, file),
		todo: title => test.todo(`${file} › ${title}`),
	});
}
