import test from 'ava';
import {readConfiguration} from '../../src/backend/configuration.ts';

const threads = test.macro({
	exec(t, millicores: string, expected: number) {
		t.is(readConfiguration({OLLAMA_CPU_LIMIT_MILLICORES: millicores}).numThread, expected);
	},
	title: (_, millicores, expected) => `a limit of ${millicores}m gives ${expected} threads`,
});
test(threads, '125', 1);
test(threads, '1000', 1);
test(threads, '1999', 1);
test(threads, '4000', 4);

test('an empty variable counts as absent', t => {
	t.deepEqual(readConfiguration({NUM_CTX: '', MODEL: '', PORT: ''}), readConfiguration({}));
});

test('no more tokens are written by default than the context holds', t => {
	t.is(readConfiguration({NUM_CTX: '64'}).maxTokens, 64);
});

const mebibyte = 2 ** 20;

test('what is held for clients follows the heap and the container, whichever allows less', t => {
	const heldIn = (heap: number, process: number) =>
		readConfiguration({}, {heap: heap * mebibyte, process: process * mebibyte}).heldBytes / mebibyte;
	t.is(heldIn(70, 128), 32); // the image in its Deployment
	t.is(heldIn(40, 128), 20);
	t.is(heldIn(4096, 64), 16);
	t.is(heldIn(4096, 65_536), 32);
	t.is(heldIn(1, 1), 1);
});

test('what the limits allow together fits what is held', t => {
	const {heldBytes, bodyBytes, maxInFlight, maxConnections} = readConfiguration({});
	t.true(4 * 2 * bodyBytes <= heldBytes);
	t.true(maxConnections > maxInFlight);
	const small = {heap: 16 * mebibyte, process: 64 * mebibyte};
	t.throws(() => readConfiguration({MAX_HELD_BYTES: String(9 * mebibyte)}, small), {
		message: 'Expected MAX_HELD_BYTES to be an integer from 1048576 to 8388608, got 9437184',
	});
	t.throws(() => readConfiguration({MAX_BODY_BYTES: String(2 * mebibyte)}, small), {
		message: 'Expected MAX_BODY_BYTES to be an integer from 64 to 1048576, got 2097152',
	});
});

const refuses = test.macro({
	exec(t, name: string, value: string, message: string) {
		t.throws(() => readConfiguration({[name]: value}), {instanceOf: RangeError, message});
	},
	title: (_, name, value) => `refuses ${name}=${value}`,
});
test(refuses, 'NUM_CTX', '2k', 'Expected NUM_CTX to be an integer from 16 to 1048576, got 2k');
test(refuses, 'PORT', '-1', 'Expected PORT to be an integer from 0 to 65535, got -1');
test(refuses, 'PORT', '70000', 'Expected PORT to be an integer from 0 to 65535, got 70000');
test(refuses, 'MAX_TOKENS', '4096', 'Expected MAX_TOKENS to be an integer from 1 to 2048, got 4096');
test(refuses, 'MAX_CONNECTIONS', '1024', 'Expected MAX_CONNECTIONS to be an integer from 1040 to 200000, got 1024');
test(refuses, 'OLLAMA_URL', 'ollama:11434', 'Expected OLLAMA_URL to be an http URL, got ollama:11434');
test(
	refuses,
	'LOG_LEVEL',
	'loud',
	'Expected LOG_LEVEL to be one of fatal, error, warn, info, debug, trace, silent, got loud',
);
