import fs from 'node:fs';
import {syncBuiltinESMExports} from 'node:module';
import {resolve} from 'node:path';
import process from 'node:process';

/*
 * Loaded before a command (`NODE_OPTIONS=--import`), makes its disk fail as BREAK_DISK says. Only what is written counts:
 * making and renaming files and folders, and the bytes that go into files below BREAK_DISK's own folder.
 */

/** `full`: after so many bytes; `read-only`: at once; `kill`: the process dies before its so-manieth change of the disk. */
type Break = {
	readonly how: 'full' | 'read-only' | 'kill' | 'count';
	readonly after?: number;
	/** `count` writes the number of changes here. */
	readonly counter?: string;
	/** Below it the disk fails. */
	readonly folder: string;
};

const {how, after = 0, counter, folder} = JSON.parse(process.env['BREAK_DISK']!) as Break;
const real = {...fs};
const opened = new Set<number>();
let bytes = 0;
let changes = 0;

const isMeant = (path: unknown) =>
	typeof path === 'number' ? opened.has(path) : resolve(String(path)).startsWith(folder);

function refuse(code: string, syscall: string, path: unknown): never {
	const named = typeof path === 'number' ? {} : {path: String(path)};
	throw Object.assign(new Error(`${code}: the disk refuses, ${syscall}`), {code, syscall, ...named});
}

/** Before each change of the disk. */
function change(path: unknown, syscall: string): void {
	if (!isMeant(path)) {
		return;
	}

	if (how === 'read-only') {
		refuse('EROFS', syscall, path);
	}

	if (how === 'kill' && changes >= after) {
		process.kill(process.pid, 'SIGKILL');
		Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10_000); // it is dead before this returns
	}

	changes += 1;
	if (how === 'count') {
		real.writeFileSync(counter!, String(changes));
	}
}

/** A full disk takes what it has room for, and then refuses; a process that is killed may have written a part. */
function write(path: unknown, content: string | Uint8Array, take: (part: Uint8Array) => void): number {
	const all = typeof content === 'string' ? Buffer.from(content) : content;
	if (isMeant(path)) {
		if (how === 'kill' && changes === after) {
			take(all.subarray(0, all.length / 2));
		}

		change(path, 'write');
		const room = how === 'full' ? Math.max(0, after - bytes) : all.length;
		bytes += all.length;
		if (room < all.length) {
			take(all.subarray(0, room));
			refuse('ENOSPC', 'write', path);
		}
	}

	take(all);
	return all.length;
}

Object.assign(fs, {
	writeFileSync(path: fs.PathOrFileDescriptor, content: string | Uint8Array, options?: fs.WriteFileOptions) {
		write(path, content, part => real.writeFileSync(path, part, options));
	},
	writeSync(file: number, content: string | Uint8Array) {
		return write(file, content, part => void real.writeSync(file, part));
	},
	openSync(path: fs.PathLike, flags = 'r', mode?: fs.Mode) {
		if (flags !== 'r') {
			change(path, 'open');
		}

		const file = real.openSync(path, flags, mode);
		if (flags !== 'r' && isMeant(path)) {
			opened.add(file);
		}

		return file;
	},
	closeSync(file: number) {
		opened.delete(file);
		real.closeSync(file);
	},
	mkdirSync(path: fs.PathLike, options?: fs.MakeDirectoryOptions) {
		change(path, 'mkdir');
		return real.mkdirSync(path, options);
	},
	mkdtempSync(prefix: string) {
		change(prefix, 'mkdtemp');
		return real.mkdtempSync(prefix);
	},
	renameSync(from: fs.PathLike, to: fs.PathLike) {
		change(from, 'rename');
		real.renameSync(from, to);
	},
	rmSync(path: fs.PathLike, options?: fs.RmOptions) {
		change(path, 'rm');
		real.rmSync(path, options);
	},
});
syncBuiltinESMExports();
