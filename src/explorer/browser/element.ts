import {printable} from '../../printable.ts';

/** An element of the page that is there from the beginning. */
export function byId<T extends HTMLElement>(id: string): T {
	const found = document.getElementById(id);
	if (found === null) {
		throw new Error(`Expected the page to have an element ${id}, got none`);
	}

	return found as T;
}

/** Shows a text in an element of the page: it is no HTML, and characters that nobody sees are escapes in it. */
export function showText(id: string, text: string): void {
	byId(id).textContent = printable(text);
}

type Attributes = Readonly<Record<string, string>>;

/** A new element. Texts are no HTML, and characters that nobody sees are escapes in them. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
	tag: Tag,
	attributes: Attributes = {},
	...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
	const made = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes)) {
		made.setAttribute(name, value);
	}

	made.append(...children.map(child => (typeof child === 'string' ? printable(child) : child)));
	return made;
}

/** Lets the button of an element copy its text, and reports whether that worked. */
export function copyButton(source: string): void {
	byId(`copy-${source}`).addEventListener('click', () => {
		void copyText(byId(source)).then(words => {
			byId(`${source}-copied`).textContent = words;
		});
	});
}

async function copyText(source: HTMLElement): Promise<string> {
	try {
		await navigator.clipboard.writeText(source.textContent ?? '');
		return 'Copied';
	} catch {
		// Not every browser lets a page of a file write there.
		getSelection()?.selectAllChildren(source);
		return 'Selected: copy it with Ctrl+C';
	}
}
