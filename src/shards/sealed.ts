import {createHash} from 'node:crypto';

const mark = 'sha256:';

/** SHA-256 of a text, as hex. */
export function digestOf(text: string): string {
	return createHash('sha256').update(text).digest('hex');
}

/** A text with its checksum as the last line. */
export function seal(text: string): string {
	return `${text}\n${mark}${digestOf(text)}\n`;
}

/**
 * The text that was sealed.
 *
 * @throws {RangeError} when it is cut off or was changed
 */
export function unseal(name: string, sealed: string): string {
	const end = sealed.lastIndexOf(`\n${mark}`);
	const text = sealed.slice(0, Math.max(0, end));
	if (end === -1 || sealed.slice(end) !== `\n${mark}${digestOf(text)}\n`) {
		throw new RangeError(
			`Expected ${name} to be whole, got ${sealed.length} characters that its checksum does not fit`,
		);
	}

	return text;
}
