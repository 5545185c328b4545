import {deserialize, serialize} from 'node:v8';
import {gunzipSync, gzipSync} from 'node:zlib';

/** A value as text. What JSON has no form for (infinite numbers, arrays of numbers of a given width) comes back as it was. */
export function pack(value: unknown): string {
	return gzipSync(serialize(value)).toString('base64');
}

export function unpack<Value>(text: string): Value {
	return deserialize(gunzipSync(Buffer.from(text, 'base64'))) as Value;
}
