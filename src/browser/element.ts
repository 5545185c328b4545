/** An element of the page that is there from the beginning. */
export function byId<T extends HTMLElement>(id: string): T {
	const found = document.getElementById(id);
	if (found === null) {
		throw new Error(`Expected the page to have an element ${id}, got none`);
	}

	return found as T;
}

type Attributes = Readonly<Record<string, string>>;

/** A new element. Texts are shown as they are. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
	tag: Tag,
	attributes: Attributes = {},
	...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
	const made = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes)) {
		made.setAttribute(name, value);
	}

	made.append(...children);
	return made;
}
