/** Bytes of Parquet files that a writer never makes: what their pages claim is up to the test. */

const joined = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

export function varint(value: number): Uint8Array {
	const bytes: number[] = [];
	for (let rest = BigInt(value); ; rest >>= 7n) {
		bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
		if (rest <= 0x7fn) {
			return Uint8Array.from(bytes);
		}
	}
}

const text = (value: string) => new TextEncoder().encode(value);
const binary = (value: string) => joined(varint(text(value).length), text(value));
const zigzag = (value: number) => varint(value * 2);
const list = (type: number, items: readonly Uint8Array[]) =>
	joined(Uint8Array.of(0xf0 | type), varint(items.length), ...items);

/** A struct of Thrift's compact protocol: fields by number, with their type. */
function struct(fields: Readonly<Record<number, readonly [type: number, value: Uint8Array]>>): Uint8Array {
	let last = 0;
	const parts = Object.entries(fields).flatMap(([id, [type, value]]) => {
		const head = Uint8Array.of(((Number(id) - last) << 4) | type);
		last = Number(id);
		return [head, value];
	});
	return joined(...parts, Uint8Array.of(0));
}

const [i32, i64, bin, lst, str] = [5, 6, 8, 9, 12];
const whole = (value: number) => [i32, zigzag(value)] as const;

/** A data page of the first version. */
export function dataPage(values: number, encoding: number, data: Uint8Array, unpacked = data.length): Uint8Array {
	const about = struct({1: whole(values), 2: whole(encoding), 3: whole(3), 4: whole(3)});
	return joined(struct({1: whole(0), 2: whole(unpacked), 3: whole(data.length), 5: [str, about]}), data);
}

export function dictionaryPage(values: number, data: Uint8Array): Uint8Array {
	const about = struct({1: whole(values), 2: whole(0)});
	return joined(struct({1: whole(2), 2: whole(data.length), 3: whole(data.length), 7: [str, about]}), data);
}

export const plainTexts = (...values: readonly string[]) =>
	joined(...values.flatMap(value => [new Uint8Array(Uint32Array.of(text(value).length).buffer), text(value)]));
export const plainDoubles = (...values: readonly number[]) => new Uint8Array(Float64Array.from(values).buffer);

export type ColumnBytes = {
	readonly name: string;
	readonly type: 'DOUBLE' | 'STRING';
	readonly pages: readonly Uint8Array[];
	readonly codec?: number;
};

/** A file with one row group of flat columns that have to be there. */
export function parquetFile(columns: readonly ColumnBytes[], rows: number): Uint8Array {
	let body = text('PAR1');
	const chunks = columns.map(({name, type, pages, codec = 0}) => {
		const offset = body.length;
		const bytes = joined(...pages);
		body = joined(body, bytes);
		const data = struct({
			1: whole(type === 'STRING' ? 6 : 5),
			2: [lst, list(i32, [zigzag(0), zigzag(8)])],
			3: [lst, list(bin, [binary(name)])],
			4: whole(codec),
			5: [i64, zigzag(rows)],
			6: [i64, zigzag(bytes.length)],
			7: [i64, zigzag(bytes.length)],
			9: [i64, zigzag(offset)],
		});
		return struct({2: [i64, zigzag(offset)], 3: [str, data]});
	});
	const root = struct({4: [bin, binary('root')], 5: whole(columns.length)});
	const elements = columns.map(({name, type}) =>
		struct({
			1: whole(type === 'STRING' ? 6 : 5),
			3: whole(0),
			4: [bin, binary(name)],
			...(type === 'STRING' && {6: whole(0)}),
		}),
	);
	const group = struct({1: [lst, list(str, chunks)], 2: [i64, zigzag(body.length)], 3: [i64, zigzag(rows)]});
	return closed(
		body,
		struct({
			1: whole(1),
			2: [lst, list(str, [root, ...elements])],
			3: [i64, zigzag(rows)],
			4: [lst, list(str, [group])],
		}),
	);
}

/** A file whose footer is a list of so many empty structs. */
export function longFooter(count: number): Uint8Array {
	const schema = new Uint8Array(count + 5);
	schema.set(joined(Uint8Array.of(0xf0 | str), varint(count)));
	return closed(text('PAR1'), struct({2: [lst, schema]}));
}

function closed(body: Uint8Array, footer: Uint8Array): Uint8Array {
	const file = new Uint8Array(body.length + footer.length + 8);
	file.set(body);
	file.set(footer, body.length);
	new DataView(file.buffer).setUint32(body.length + footer.length, footer.length, true);
	file.set(text('PAR1'), file.length - 4);
	return file;
}
